/** Tests of reports and logos; pages are read by an XML parser. */
package org.deepliftspark.job.report;
