/**
 * How speed and memory grow with the length of sequences, the size of networks, references, threads
 * and batches: what {@code scripts/scaling} measures, a process per point, and draws.
 */
package org.deepliftspark.job.scaling;
