package org.deepliftspark.job.export;

/**
 * How rows become arrays.
 *
 * @param window positions in the middle of the row that are taken; 0 for all
 * @param order of the rows
 * @param rows most rows that are written, the first in that order; 0 for all
 * @param sample rows drawn before that, whichever ids hash lowest; 0 for all
 * @param unknown what becomes of rows with N
 * @param half whether {@link ExportFormat#MODISCO} and {@link ExportFormat#BPNET_H5} hold 16-bit
 *     numbers; the other formats prescribe theirs
 */
public record ArrayOptions(
    int window, RowOrder order, int rows, int sample, UnknownRows unknown, boolean half) {}
