package org.deepliftspark.job.fuzz;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.deepliftspark.engine.bytes.ByteSource;
import org.deepliftspark.engine.encode.FastaRecords;
import org.deepliftspark.engine.encode.ImageDecoder;
import org.deepliftspark.engine.encode.ImagePreprocessing;
import org.deepliftspark.engine.encode.Pixels;
import org.deepliftspark.engine.genome.BgzfIndex;
import org.deepliftspark.engine.genome.BgzfSource;
import org.deepliftspark.engine.genome.FastaGenome;
import org.deepliftspark.engine.genome.FastaIndex;
import org.deepliftspark.engine.genome.Genome;
import org.deepliftspark.engine.genome.GenomeFiles;
import org.deepliftspark.engine.genome.TwoBitGenome;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.npy.Npy;
import org.deepliftspark.job.FuzzedRunRecord;
import org.deepliftspark.job.cli.FuzzedConfig;
import org.deepliftspark.job.fuzz.FuzzedParser.Reader;
import org.deepliftspark.job.fuzz.FuzzedParser.Seed;
import org.deepliftspark.job.io.FuzzedSources;
import org.deepliftspark.job.motif.MemeFile;

/** Every parser of files that may come from strangers, with the files to begin with. */
final class FuzzedParsers {
  private static final Path ENGINE = Path.of("../engine/src/test/resources");
  private static final Path GOLDEN = ENGINE.resolve("golden");
  private static final long MB = 1 << 20;

  /** A line of twenty bytes has windows read; Hadoop opens a checked file anew for each. */
  private static final long BYTES_PER_PLACE = 16 << 10;

  private static final Pattern SEED = Pattern.compile("\"seed\": ?(\\d{1,3})\\b");

  private static final String[] LAYERS = {
    "Dense",
    "Conv1D",
    "Conv2D",
    "Lambda",
    "TFOpLambda",
    "Reshape",
    "Flatten",
    "Permute",
    "RepeatVector",
    "UpSampling1D",
    "ZeroPadding1D",
    "Cropping1D",
    "Embedding",
    "MaxPooling1D",
    "LSTM",
    "Functional",
    "Sequential",
    "InputLayer",
    "Add",
    "Concatenate",
    "Dot",
    "Softmax",
    "MultiHeadAttention",
    "EinsumDense",
    "Conv1DTranspose",
    "SeparableConv1D",
    "LayerNormalization",
    "relu",
    "same",
    "causal",
    "channels_first",
    "float16",
    "__tuple__",
    "__lambda__",
    "os>system"
  };

  /** Files that are read by their path are put here first. */
  private final Path scratch;

  private final FuzzedSources sources;
  private final FuzzedRunRecord record = new FuzzedRunRecord();
  private final List<ModelRun> models = new ArrayList<>();

  /**
   * @param scratch a folder of the test, apart from where parsers look
   */
  FuzzedParsers(Path scratch) throws IOException {
    this.scratch = scratch;
    Path genome = Files.write(scratch.resolve("genome.fa"), GenomeSeeds.fasta());
    Files.write(scratch.resolve("genome.fa.fai"), GenomeSeeds.fai());
    this.sources = new FuzzedSources(genome);
    Path weights = Path.of("external_weights.bin");
    Path models = Files.createDirectories(scratch.resolve("models"));
    Files.copy(GOLDEN.resolve("onnx").resolve(weights), models.resolve(weights));
    Files.write(scratch.resolve(Hostile.ESCAPE), new byte[1 << 12]);
  }

  List<FuzzedParser> all() {
    return List.of(
        onnx(),
        keras(),
        hdf5(),
        kerasJson(),
        npy(),
        npz(),
        fasta(),
        bed(),
        variants(),
        twoBit(),
        fai(),
        bgzf(),
        gzi(),
        images(),
        yaml(),
        meme(),
        runJson());
  }

  /** Models that came through a parser and to scores. */
  int explained() {
    return models.stream().mapToInt(ModelRun::explained).sum();
  }

  private FuzzedParser onnx() {
    byte[][] words = {ascii("weights.bin"), ascii("Reshape"), {(byte) 0xFF, (byte) 0xFF, 0x0F}};
    Mutator mutator =
        Mutator.anyOf(
            new OnnxMutator(), new OnnxMutator(), new ByteMutator(List.of(), List.of(words)));
    List<Seed> seeds = files(GOLDEN.resolve("onnx"), ".onnx");
    Reader model = run("model.onnx", null);
    Path weights = scratch.resolve("models");
    Reader reader = (file, folder) -> model.read(file, weights);
    return new FuzzedParser("onnx", 24, seeds, mutator, 512 * MB, 64, reader);
  }

  private FuzzedParser keras() {
    JsonMutator json = new JsonMutator(LAYERS);
    Hdf5Mutator weights = new Hdf5Mutator(json);
    Mutator mutator = new ZipMutator(member -> member.endsWith(".json") ? json : weights);
    List<Seed> seeds = files(GOLDEN.resolve("keras"), ".keras");
    return new FuzzedParser("keras", 14, seeds, mutator, 512 * MB, 64, run("model.keras", null));
  }

  private FuzzedParser hdf5() {
    Mutator mutator = new Hdf5Mutator(new JsonMutator(LAYERS));
    List<Seed> seeds = files(GOLDEN.resolve("keras"), ".h5");
    return new FuzzedParser("h5", 14, seeds, mutator, 512 * MB, 64, run("model.h5", null));
  }

  /** Architectures alone, which may grow, each with the weights of the file that it was in. */
  private FuzzedParser kerasJson() {
    List<Seed> files = files(GOLDEN.resolve("keras"), ".h5");
    List<Seed> seeds = new ArrayList<>();
    List<Reader> readers = new ArrayList<>();
    for (Seed file : files) {
      byte[] json = Hdf5Mutator.architecture(file.bytes());
      if (json != null) {
        // a key that Keras's files do not have tells which weights belong to it
        String text = "{\"seed\": " + readers.size() + ", " + utf8(json).substring(1);
        seeds.add(new Seed(file.name(), ascii(text)));
        readers.add(run("model.json", file.bytes()));
      }
    }
    Reader reader =
        (file, folder) -> {
          Matcher seed = SEED.matcher(utf8(file));
          int at = seed.find() ? Integer.parseInt(seed.group(1)) : 0;
          readers.get(Math.min(at, readers.size() - 1)).read(file, folder);
        };
    return new FuzzedParser(
        "keras-json", 16, seeds, new JsonMutator(LAYERS), 512 * MB, 1024, reader);
  }

  private Reader run(String name, byte[] weights) {
    ModelRun model = new ModelRun(name, weights, "cpu");
    models.add(model);
    return model::read;
  }

  private FuzzedParser npy() {
    Mutator text = new TextMutator(" ,:'()", "descr", "shape", "<f4", "|O", "True", "(", ")", "L");
    byte[][] words = {ascii("'shape': (2147483647, 2147483647)"), ascii("'descr': '|O'")};
    Mutator bytes = new ByteMutator(List.of(ascii("descr"), ascii("shape")), List.of(words));
    Mutator latin =
        (file, random) ->
            new String(
                    text.mutate(
                        new String(file, StandardCharsets.ISO_8859_1)
                            .getBytes(StandardCharsets.UTF_8),
                        random),
                    StandardCharsets.UTF_8)
                .getBytes(StandardCharsets.ISO_8859_1);
    Reader reader = (file, folder) -> Npy.read(file, "x.npy");
    List<Seed> seeds = files(ENGINE.resolve("npy"), ".npy");
    return new FuzzedParser("npy", 5, seeds, Mutator.anyOf(latin, bytes), 4 * MB, 64, reader);
  }

  private FuzzedParser npz() {
    Mutator members =
        new ByteMutator(List.of(ascii("descr"), ascii("shape")), List.of(ascii("(9999999, 3, 4)")));
    Path file = scratch.resolve("x.npz");
    Reader reader =
        (bytes, folder) -> {
          Files.write(file, bytes);
          sources.arrays(file);
        };
    List<Seed> seeds = List.of(new Seed("arrays.npz", npzFile()));
    return new FuzzedParser(
        "npz", 5, seeds, new ZipMutator(member -> members), 64 * MB, 64, reader);
  }

  private byte[] npzFile() {
    try {
      Path array = scratch.resolve("array.npy");
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (ZipOutputStream zip = new ZipOutputStream(out)) {
        Npy.write(array, new float[60], 5, 3, 4);
        zip.putNextEntry(new ZipEntry("dna.npy"));
        zip.write(Files.readAllBytes(array));
        Npy.write(array, new float[10], 5, 2);
        zip.putNextEntry(new ZipEntry("more.npy"));
        zip.write(Files.readAllBytes(array));
      }
      return out.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private FuzzedParser fasta() {
    Mutator mutator =
        Mutator.anyOf(new TextMutator(" \t>:", ">", "NNNN", "chr1:100-300(+)"), bytes());
    Reader reader =
        (file, folder) -> {
          String text = utf8(file);
          sources.fasta(text);
          FastaRecords.read(new StringReader(text), "x.fa").forEachRemaining(any -> {});
          FastaIndex index = FastaIndex.of(new ByteArrayInputStream(file), "x.fa");
          ask(new FastaGenome(ByteSource.of(file), index, "x.fa"));
        };
    List<Seed> seeds = List.of(new Seed("genome.fa", GenomeSeeds.fasta()));
    return new FuzzedParser("fasta", 5, seeds, mutator, 16 * MB, 128, reader);
  }

  private static ByteMutator bytes() {
    return new ByteMutator(List.of(), Hostile.texts());
  }

  private FuzzedParser bed() {
    String lines =
        "track name=x\n# remark\nchr1\t100\t112\nchr1\t200\t231\tname\t5\t+\n"
            + "chr2\t50\t90\tname\t5\t-\textra\nchr1\t300\t390\tp\t1\t.\t2.5\t-1\t-1\t20\n";
    Mutator mutator =
        Mutator.anyOf(new TextMutator("\t ", "chr1", "chr2", "+", "-", ".", "0", "400"), bytes());
    Reader reader = (file, folder) -> sources.bed(utf8(file));
    List<Seed> seeds = List.of(new Seed("peaks.narrowPeak", ascii(lines)));
    return new FuzzedParser("bed", 5, seeds, mutator, 32 * MB, BYTES_PER_PLACE, reader);
  }

  private FuzzedParser variants() {
    StringBuilder lines = new StringBuilder("##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\n");
    String[] bases = utf8(GenomeSeeds.fasta()).lines().toArray(String[]::new);
    for (int at = 1; at < 6; at++) {
      lines.append("chr1\t").append(at).append("\trs").append(at).append('\t');
      lines.append(bases[1].toUpperCase().charAt(at - 1)).append("\tA,CT,G\t50\tPASS\tDP=3\n");
    }
    Mutator mutator =
        Mutator.anyOf(
            new TextMutator("\t,", "chr1", "A", "ACGT".repeat(200), "<DEL>", "*", ",", "A,C,G"),
            bytes());
    Reader reader = (file, folder) -> sources.variants(utf8(file));
    List<Seed> seeds = List.of(new Seed("x.vcf", ascii(lines.toString())));
    return new FuzzedParser("vcf", 5, seeds, mutator, 32 * MB, BYTES_PER_PLACE, reader);
  }

  /** Asks a genome for the ends of both chromosomes and for a place in the middle. */
  private static void ask(Genome genome) {
    try (genome) {
      for (String chrom : List.of("chr1", "chr2")) {
        long length = genome.length(chrom);
        if (length >= 0) {
          genome.padded(chrom, -5, 40);
          genome.padded(chrom, length - 20, length + 20);
          genome.padded(chrom, length / 2, length / 2 + 100);
        }
      }
    }
  }

  private FuzzedParser twoBit() {
    List<Seed> seeds = new ArrayList<>();
    for (int version = 0; version < 2; version++) {
      for (ByteOrder order : List.of(ByteOrder.LITTLE_ENDIAN, ByteOrder.BIG_ENDIAN)) {
        seeds.add(new Seed(version + "-" + order + ".2bit", GenomeSeeds.twoBit(order, version)));
      }
    }
    Mutator mutator =
        new ByteMutator(List.of(ascii("chr1"), ascii("chr2")), List.of(ascii("chr1"), new byte[4]));
    Reader reader = (file, folder) -> ask(TwoBitGenome.open(ByteSource.of(file), "x.2bit"));
    return new FuzzedParser("2bit", 5, seeds, mutator, 4 * MB, 64, reader);
  }

  private FuzzedParser fai() {
    Mutator mutator = Mutator.anyOf(new TextMutator("\t", "chr1", "chr2", "400", "51"), bytes());
    Reader reader =
        (file, folder) -> {
          InputStreamReader text =
              new InputStreamReader(new ByteArrayInputStream(file), StandardCharsets.UTF_8);
          FastaIndex index = FastaIndex.read(text, "x.fa.fai");
          ask(new FastaGenome(ByteSource.of(GenomeSeeds.fasta()), index, "x.fa"));
        };
    List<Seed> seeds = List.of(new Seed("x.fa.fai", GenomeSeeds.fai()));
    return new FuzzedParser("fai", 3, seeds, mutator, 16 * MB, 128, reader);
  }

  private FuzzedParser bgzf() {
    GenomeFiles.Bgzf whole = GenomeSeeds.bgzf();
    byte[] block = {0x1F, (byte) 0x8B, 8, 4};
    Reader reader =
        (file, folder) -> {
          BgzfSource.isBgzf(file);
          askCompressed(file, BgzfIndex.read(whole.gzi(), "x.fa.gz.gzi"));
        };
    List<Seed> seeds = List.of(new Seed("x.fa.gz", whole.bytes()));
    Mutator mutator = new ByteMutator(List.of(block), List.of(block));
    return new FuzzedParser("bgzf", 3, seeds, mutator, 4 * MB, 64, reader);
  }

  private FuzzedParser gzi() {
    GenomeFiles.Bgzf whole = GenomeSeeds.bgzf();
    Reader reader =
        (file, folder) -> askCompressed(whole.bytes(), BgzfIndex.read(file, "x.fa.gz.gzi"));
    List<Seed> seeds = List.of(new Seed("x.fa.gz.gzi", whole.gzi()));
    Mutator mutator = new ByteMutator(List.of(), List.of(new byte[8], new byte[16]));
    return new FuzzedParser("gzi", 3, seeds, mutator, 4 * MB, 64, reader);
  }

  private static void askCompressed(byte[] file, BgzfIndex gzi) throws IOException {
    FastaIndex fai = FastaIndex.read(new StringReader(utf8(GenomeSeeds.fai())), "x.fa.gz.fai");
    ask(new FastaGenome(new BgzfSource(ByteSource.of(file), gzi), fai, "x.fa.gz"));
  }

  private FuzzedParser images() {
    ImagePreprocessing.Size size = new ImagePreprocessing.Size(16, 16);
    ImagePreprocessing steps =
        new ImagePreprocessing(true, size, null, 1 / 255f, List.of(0.5f), List.of(2f));
    byte[][] marks = {
      ascii("IHDR"),
      ascii("PLTE"),
      ascii("IDAT"),
      {(byte) 0xFF, (byte) 0xC0},
      {(byte) 0xFF, (byte) 0xDA},
      {0, 1, 3, 0},
      {0x2C}
    };
    Mutator mutator = new ByteMutator(List.of(marks), List.of(marks)).then(ImageSeeds::mended);
    Reader reader =
        (file, folder) -> {
          Pixels pixels = ImageDecoder.decode(file);
          steps.apply(pixels, Shape.of(16, 16, 3));
        };
    return new FuzzedParser("image", 8, ImageSeeds.all(), mutator, 640 * MB, 1024, reader);
  }

  private FuzzedParser yaml() {
    String job =
        "model: model.h5\ntarget: \"0\"\nmethod: rescale\ninput: [a.fa, b.fa]\nseed: 1\n"
            + "preprocessing: {resize: 224, mean: [0.5, 0.5]}\nreferences: dinuc-shuffle:20\n"
            + "output: scores\nmemory-per-task: 512m\nmax-rejected-fraction: 0.01\n"
            + "base: &a [x, y]\nmore: *a\n";
    Mutator mutator =
        Mutator.anyOf(
            new TextMutator(
                ": ,[]{}",
                "!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[!!java.net.URL"
                    + " [\"http://127.0.0.1/\"]]]]",
                "&a [*a, *a]",
                "<<: *a",
                "[".repeat(5000),
                "{a: ".repeat(3000),
                "- ".repeat(2000),
                "!!python/object/apply:os.system [id]",
                "? ",
                "|",
                ">",
                "%YAML 9.9",
                "---",
                "999999999999t",
                "config: x",
                "*a",
                "!!binary x",
                "\t",
                "method",
                "layer"),
            bytes());
    Path file = scratch.resolve("job.yaml");
    Reader reader =
        (bytes, folder) -> {
          Files.write(file, bytes);
          FuzzedConfig.read(file);
        };
    String plain = job.substring(0, job.indexOf("base:"));
    List<Seed> seeds =
        List.of(
            new Seed("job.yaml", ascii(plain)),
            new Seed("aliases.yaml", ascii(job)),
            Fuzzer.seed(Path.of("../conf/job-example.yaml")));
    // at most 1 MiB is read
    return new FuzzedParser("yaml", 6, seeds, mutator, 32 * MB, 2048, reader);
  }

  private FuzzedParser meme() {
    Seed all = Fuzzer.seed(Path.of("src/main/resources/demo/motifs.meme"));
    List<Seed> seeds =
        List.of(all, new Seed("head.meme", Arrays.copyOf(all.bytes(), all.bytes().length / 16)));
    Mutator mutator =
        Mutator.anyOf(
            new TextMutator(" =", "MOTIF", "w=", "nsites=", "letter-probability matrix:", "0.25"),
            bytes());
    Reader reader = (file, folder) -> MemeFile.parse(utf8(file), "x.meme");
    return new FuzzedParser("meme", 4, seeds, mutator, 16 * MB, 128, reader);
  }

  private FuzzedParser runJson() {
    byte[] json;
    try {
      json = new ObjectMapper().writeValueAsBytes(record.written());
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
    Reader reader = (file, folder) -> record.read(utf8(file));
    Mutator mutator = Mutator.anyOf(new JsonMutator("done", "running", "onnx", "cpu"), bytes());
    return new FuzzedParser(
        "run.json", 5, List.of(new Seed("run.json", json)), mutator, 16 * MB, 256, reader);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static String utf8(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static List<Seed> files(Path folder, String end) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(file -> file.toString().endsWith(end))
          .sorted()
          .map(file -> new Seed(folder.relativize(file).toString(), Fuzzer.seed(file).bytes()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
