/**
 * Carries score tables to other programs: arrays for TF-MoDISco and Fi-NeMo ({@link
 * org.deepliftspark.job.export.ArrayExport}), genome tracks ({@link
 * org.deepliftspark.job.export.TrackExport}) and BED. Rows stream through the driver one at a time;
 * what has to be known before it can be written waits in local temporary files.
 */
package org.deepliftspark.job.export;
