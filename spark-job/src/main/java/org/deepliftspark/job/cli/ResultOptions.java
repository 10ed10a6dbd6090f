package org.deepliftspark.job.cli;

import static org.deepliftspark.job.cli.CommandName.EXPORT;
import static org.deepliftspark.job.cli.CommandName.LOGO;
import static org.deepliftspark.job.cli.CommandName.MOTIFS;
import static org.deepliftspark.job.cli.CommandName.REPORT;
import static org.deepliftspark.job.cli.CommandName.SEQLETS;

import java.util.List;
import org.deepliftspark.job.export.ExportFormat;
import org.deepliftspark.job.export.Overlap;
import org.deepliftspark.job.export.RowOrder;
import org.deepliftspark.job.export.UnknownRows;

/** Options of the commands that start from scores; a part of the table in {@link Options}. */
final class ResultOptions {
  static final Option<ExportFormat> FORMAT =
      Option.value(
              OptionGroup.OUTPUT,
              "format",
              "modisco|bpnet-h5|chrombpnet-h5|finemo|bigwig|bedgraph|seqlets",
              Values.oneOf(ExportFormat.class),
              "what to write; may stand without --format right behind the command")
          .requiredBy(EXPORT);
  static final Option<String> SCORES =
      Option.value(
              OptionGroup.INPUT,
              "scores",
              "FOLDER",
              Values::text,
              "output of score; for all commands but export it may stand without --scores")
          .requiredBy(EXPORT, SEQLETS, MOTIFS, REPORT, LOGO);
  static final Option<String> SCORED_TARGET =
      Option.value(
              OptionGroup.INPUT,
              "target",
              "TARGET",
              Values::text,
              "which target of the scores; needed if they hold several")
          .usedBy(EXPORT, SEQLETS, REPORT, LOGO);
  static final Option<String> RESULT =
      Option.value(
              OptionGroup.OUTPUT,
              "output",
              "PATH",
              Values::text,
              "export: folder of the arrays, file of anything else; seqlets, motifs: folder, otherwise"
                  + " SCORES/_deeplift/seqlets and SCORES/_deeplift/motifs; report: HTML file, otherwise"
                  + " SCORES/_deeplift/report.html; logo: .svg or .png file")
          .requiredBy(EXPORT, LOGO)
          .usedBy(SEQLETS, MOTIFS, REPORT);
  static final Option<Integer> WINDOW =
      Option.value(
              OptionGroup.INPUT,
              "window",
              "N",
              Values.integerFrom(0),
              "arrays: positions in the middle of each row; 0: all of them")
          .byDefault("0")
          .usedBy(EXPORT);
  static final Option<RowOrder> ORDER =
      Option.value(
              OptionGroup.OUTPUT,
              "order",
              "id|place|prediction",
              Values.oneOf(RowOrder.class),
              "arrays: order of the rows; prediction: the largest first")
          .byDefault("id")
          .usedBy(EXPORT);
  static final Option<Integer> ROWS =
      Option.value(
              OptionGroup.INPUT,
              "rows",
              "N",
              Values.integerFrom(0),
              "arrays: most rows, the first in --order; 0: all of them")
          .byDefault("0")
          .usedBy(EXPORT);
  static final Option<Integer> SAMPLE =
      Option.value(
              OptionGroup.INPUT,
              "sample",
              "N",
              Values.integerFrom(0),
              "arrays: draw so many rows before that, the same ones every time; 0: all of them")
          .byDefault("0")
          .usedBy(EXPORT);
  static final Option<UnknownRows> UNKNOWN =
      Option.value(
              OptionGroup.INPUT,
              "unknown",
              "drop|mask",
              Values.oneOf(UnknownRows.class),
              "arrays: rows with letters other than ACGT: leave them out, or set sequence and scores to"
                  + " zero there")
          .byDefault("drop")
          .usedBy(EXPORT);
  static final Option<String> NUMBERS =
      Option.value(
              OptionGroup.OUTPUT,
              "numbers",
              "f32|f16",
              Values.oneOf("f32", "f16"),
              "numbers of modisco and bpnet-h5; the other formats have theirs")
          .byDefault("f32")
          .usedBy(EXPORT);

  static final Option<Overlap> OVERLAP =
      Option.value(
              OptionGroup.OUTPUT,
              "overlap",
              "nearest|mean",
              Values.oneOf(Overlap.class),
              "tracks: where rows overlap, the row whose middle is nearest, or the mean")
          .byDefault("nearest")
          .usedBy(EXPORT);
  static final Option<String> CHROM_SIZES =
      Option.value(
              OptionGroup.INPUT,
              "chrom-sizes",
              "FILE",
              Values::text,
              "bigwig: lengths of the chromosomes, as in hg38.chrom.sizes or a .fai; otherwise each ends"
                  + " where its last row ends")
          .usedBy(EXPORT);

  static final Option<String> SEQLETS_TABLE =
      Option.value(
              OptionGroup.INPUT,
              "seqlets",
              "FOLDER",
              Values::text,
              "table of seqlets; export seqlets takes the matches of motifs too; otherwise that under"
                  + " the scores")
          .usedBy(EXPORT, MOTIFS);
  static final Option<String> KNOWN_MOTIFS =
      Option.value(
              OptionGroup.INPUT,
              "motifs",
              "FILE.meme",
              Values::text,
              "known motifs in MEME format, as JASPAR and HOCOMOCO give it")
          .requiredBy(MOTIFS);
  static final Option<Double> P_VALUE =
      Option.value(
              OptionGroup.QUALITY,
              "p-value",
              "X",
              Values::fraction,
              "largest p-value of a seqlet and of each of its parts that is --min-length or longer")
          .byDefault("0.01")
          .usedBy(SEQLETS);
  static final Option<Integer> MIN_LENGTH =
      Option.value(
              OptionGroup.QUALITY,
              "min-length",
              "N",
              Values.integerFrom(1),
              "least number of positions of a seqlet")
          .byDefault("4")
          .usedBy(SEQLETS);
  static final Option<Integer> MAX_LENGTH =
      Option.value(
              OptionGroup.QUALITY,
              "max-length",
              "N",
              Values.integerFrom(1),
              "most positions of a seqlet")
          .byDefault("25")
          .usedBy(SEQLETS);
  static final Option<Integer> FLANK =
      Option.value(
              OptionGroup.QUALITY,
              "flank",
              "N",
              Values.integerFrom(0),
              "positions added at each end of a seqlet afterwards")
          .byDefault("0")
          .usedBy(SEQLETS);
  static final Option<Double> Q_VALUE =
      Option.value(
              OptionGroup.QUALITY,
              "q-value",
              "X",
              Values::fraction,
              "largest q-value of a match that counts")
          .byDefault("0.05")
          .usedBy(EXPORT, MOTIFS);
  static final Option<Integer> BIN =
      Option.value(
              OptionGroup.OUTPUT,
              "bin",
              "N",
              Values.integerFrom(1),
              "positions of a bin of the positional histograms")
          .byDefault("10")
          .usedBy(MOTIFS);

  static final Option<String> MOTIF_TABLES =
      Option.value(
              OptionGroup.INPUT,
              "motif-tables",
              "FOLDER",
              Values::text,
              "what motifs wrote; otherwise SCORES/_deeplift/motifs")
          .usedBy(REPORT);
  static final Option<String> REJECTED_ROWS =
      Option.value(
              OptionGroup.INPUT,
              "rejected",
              "FOLDER",
              Values::text,
              "rejected rows of the run; otherwise SCORES/_deeplift/rejected")
          .usedBy(REPORT);
  static final Option<String> IMAGE_COL =
      Option.value(
              OptionGroup.INPUT,
              "image-col",
              "COLUMN",
              Values::text,
              "column of --keep-cols with the images that were scored, to lay the scores over")
          .usedBy(REPORT);
  static final Option<Integer> TOP =
      Option.value(
              OptionGroup.OUTPUT,
              "top",
              "N",
              Values.integerFrom(0),
              "rows that are drawn, those with the largest predictions")
          .byDefault("10")
          .usedBy(REPORT);
  static final Option<String> ID =
      Option.value(OptionGroup.INPUT, "id", "ID", Values::text, "row to draw").requiredBy(LOGO);
  static final Option<Integer> START =
      Option.value(
              OptionGroup.INPUT,
              "start",
              "N",
              Values.integerFrom(1),
              "first position to draw, counted from 1")
          .byDefault("1")
          .usedBy(LOGO);
  static final Option<Integer> END =
      Option.value(
              OptionGroup.INPUT,
              "end",
              "N",
              Values.integerFrom(1),
              "last position to draw; otherwise that of the row")
          .usedBy(LOGO);

  /** In the order in which help lists them. */
  static final List<Option<?>> TABLE =
      List.of(
          FORMAT,
          SCORES,
          SCORED_TARGET,
          SEQLETS_TABLE,
          KNOWN_MOTIFS,
          MOTIF_TABLES,
          REJECTED_ROWS,
          IMAGE_COL,
          ID,
          START,
          END,
          WINDOW,
          SAMPLE,
          ROWS,
          UNKNOWN,
          CHROM_SIZES,
          RESULT,
          ORDER,
          NUMBERS,
          OVERLAP,
          BIN,
          TOP,
          P_VALUE,
          MIN_LENGTH,
          MAX_LENGTH,
          FLANK,
          Q_VALUE);

  private ResultOptions() {}
}
