/**
 * Genomes as files with random access: FASTA with its {@code .fai} index, plain or compressed by
 * bgzip, and 2bit. Only the bases asked for are read; sizes in a file are checked against the
 * file's length before anything is allocated. Nothing here knows where the bytes come from.
 */
package org.deepliftspark.engine.genome;
