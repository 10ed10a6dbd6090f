/**
 * What a scoring run found, to look at: {@link org.deepliftspark.job.report.ReportJob} writes one
 * HTML file that needs nothing beside it, {@link org.deepliftspark.job.report.LogoJob} draws one
 * row. Whatever comes from a table is escaped.
 */
package org.deepliftspark.job.report;
