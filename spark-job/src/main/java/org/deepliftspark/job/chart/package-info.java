/** Small charts as SVG: lines and bars of several series side by side. */
package org.deepliftspark.job.chart;
