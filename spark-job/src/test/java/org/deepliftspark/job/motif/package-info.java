/** Tests of seqlets and motifs, against plain loops and counts by hand. */
package org.deepliftspark.job.motif;
