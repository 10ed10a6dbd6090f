package org.deepliftspark.job.io;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.NoSuchElementException;
import java.util.regex.Pattern;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.deepliftspark.engine.encode.GenomicInterval;

/**
 * Turns variants, {@code [line, chrom, pos, ref, alt, kept..., id]}, into rows of {@link
 * SourceSchema} with two sequences: the window with the reference allele and the one with the
 * alternate allele. A variant with several alternate alleles becomes a row for each.
 *
 * <p>Both windows begin at the same base, the variant's first base in their middle. Behind the
 * allele the genome goes on, so an insertion pushes bases out at the right end, a deletion draws
 * bases in.
 */
final class VariantFunction implements MapPartitionsFunction<Row, Row> {
  static final String NOT_VARIANT = "not a variant";
  static final String SYMBOLIC = "symbolic allele";
  static final String TOO_LONG = "allele too long";
  static final String REF_DIFFERS = "REF differs from the genome";

  private static final Pattern BASES = Pattern.compile("[ACGTNacgtn]+");
  private static final int KEPT_AT = 5;
  private static final int SHOWN = 40;
  private static final int MOST_ALLELES = 1000;

  private final WindowReader.Spec windows;
  private final boolean idColumn;
  private final int kept;

  VariantFunction(WindowReader.Spec windows, boolean idColumn, int kept) {
    this.windows = windows;
    this.idColumn = idColumn;
    this.kept = kept;
  }

  @Override
  public Iterator<Row> call(Iterator<Row> variants) {
    return new Rows(variants, new WindowReader(windows));
  }

  private final class Rows implements Iterator<Row> {
    private final Iterator<Row> variants;
    private final WindowReader reader;
    private Iterator<Row> alleles = Collections.emptyIterator();

    Rows(Iterator<Row> variants, WindowReader reader) {
      this.variants = variants;
      this.reader = reader;
    }

    @Override
    public boolean hasNext() {
      while (!alleles.hasNext() && variants.hasNext()) {
        alleles = rows(variants.next());
      }
      return alleles.hasNext();
    }

    @Override
    public Row next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      return alleles.next();
    }

    /** One at a time: a line may name a thousand alleles beside a very long one. */
    private Iterator<Row> rows(Row variant) {
      long position = position(variant.getString(2));
      String alt = variant.getString(4);
      boolean absent = variant.isNullAt(1) || variant.isNullAt(3) || alt == null;
      if (position < 1 || absent) {
        String detail = "expected chromosome, position, id, ref and alt, found '" + shown(variant);
        return List.of(row().id(shown(variant)).problem(NOT_VARIANT, detail + "'").row())
            .iterator();
      }
      String[] all = alt.strip().split(",", MOST_ALLELES + 1);
      boolean several = all.length > 1;
      return Arrays.stream(all).map(one -> row(variant, position, one, several)).iterator();
    }

    /**
     * @param several whether the line names other alternate alleles too
     */
    private Row row(Row variant, long position, String alt, boolean several) {
      String chrom = variant.getString(1).strip();
      String ref = variant.getString(3).strip();
      String name = named(chrom) + ":" + position + ":" + named(ref) + ">" + named(alt);
      SourceRow row = row();
      row.id(idColumn ? id(variant, alt, several) : name);
      row.kept(VariantColumns.POSITION_AT, position);
      row.kept(VariantColumns.REF_AT, named(ref)).kept(VariantColumns.ALT_AT, named(alt));
      StringBuilder content = new StringBuilder(name);
      for (int i = 0; i < kept; i++) {
        Object value = variant.get(KEPT_AT + i);
        row.kept(VariantColumns.FIELDS.size() + i, value);
        content.append('\t').append(value);
      }
      row.content(content.toString());
      putWindows(chrom, position - 1, ref, alt, row);
      return row.row();
    }

    /** That of the line; of several alternate alleles each has its own, whatever their order. */
    private String id(Row variant, String alt, boolean several) {
      String id = variant.getString(KEPT_AT + kept);
      return several && id != null && !id.isBlank() ? id + ":" + named(alt) : id;
    }

    private void putWindows(String chrom, long at, String ref, String alt, SourceRow row) {
      int length = reader.length();
      int before = length / 2;
      if (!BASES.matcher(ref).matches() || !BASES.matcher(alt).matches()) {
        row.problem(SYMBOLIC, "expected alleles of bases, found " + head(ref) + ">" + head(alt));
        return;
      }
      if (before + Math.max(ref.length(), alt.length()) > length) {
        row.problem(
            TOO_LONG,
            "alleles of %d and %d bases, the model's half window has %d"
                .formatted(ref.length(), alt.length(), length - before));
        return;
      }
      long start = at - before;
      long resume = at + ref.length();
      long end = resume + length - before - alt.length();
      if (!reader.check(chrom, start, Math.max(start + length, end), at, row)) {
        return;
      }
      String there = reader.genome().padded(chrom, at, resume);
      if (!there.equalsIgnoreCase(ref)) {
        row.problem(
            REF_DIFFERS,
            "REF is %s, the genome has %s at %s:%d"
                .formatted(head(ref), head(there.toUpperCase(Locale.ROOT)), chrom, at + 1));
        return;
      }
      row.place(new GenomicInterval(chrom, start, start + length, "+"));
      row.input(0, reader.genome().padded(chrom, start, start + length));
      row.input(
          1,
          reader.genome().padded(chrom, start, at)
              + alt
              + reader.genome().padded(chrom, resume, end));
    }

    /** What is longer than a window is in no row that is scored, and is cut. */
    private String named(String text) {
      boolean fits = text.length() <= Math.max(SHOWN, reader.length());
      return fits ? text : head(text) + "(" + text.length() + ")";
    }

    private SourceRow row() {
      return new SourceRow(2, VariantColumns.FIELDS.size() + kept);
    }
  }

  private static long position(String text) {
    try {
      return text == null ? -1 : Long.parseLong(text.strip());
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  private static String shown(Row variant) {
    if (!variant.isNullAt(0)) {
      return head(variant.getString(0));
    }
    List<String> parts = new ArrayList<>();
    for (int i = 1; i < KEPT_AT; i++) {
      parts.add(variant.getString(i));
    }
    return head(String.join(" ", parts.stream().map(String::valueOf).toList()));
  }

  private static String head(String text) {
    return text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text;
  }
}
