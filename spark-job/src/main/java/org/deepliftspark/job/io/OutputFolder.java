package org.deepliftspark.job.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.util.ShutdownHookManager;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.job.OutputFormat;
import org.deepliftspark.job.OutputMode;

/**
 * The folder that a job writes to: part files directly under it, everything else under {@code
 * _deeplift/}.
 *
 * <p>New scores are committed straight into the folder by Spark's committer. Where old ones are
 * replaced, they are first written aside under {@code _deeplift/} and moved when complete, so that
 * no reader sees old and new rows together.
 */
public final class OutputFolder implements AutoCloseable {
  /** Holds what is not scores. */
  public static final String INTERNAL = "_deeplift";

  private static final String COMMITTER_LEFTOVERS = "_temporary";
  private static final String STAGING = "staging";

  /** After Spark stops (40), before Hadoop closes its file systems (10). */
  private static final int HOOK_PRIORITY = 20;

  private final HadoopFiles hadoop;
  private final FileSystem fs;
  private final Path root;
  private final OutputMode mode;
  private final RunLock lock;
  private final List<Path> before;
  private final Runnable hook = this::release;

  private OutputFolder(HadoopFiles hadoop, FileSystem fs, Path root, OutputMode mode, RunLock lock)
      throws IOException {
    this.hadoop = hadoop;
    this.fs = fs;
    this.root = root;
    this.mode = mode;
    this.lock = lock;
    this.before = partFiles();
  }

  /**
   * Takes the folder for one run.
   *
   * @throws InvalidInputException if it holds scores and the mode is {@code error}, if it is not
   *     ours to overwrite, or if another job is writing to it
   */
  public static OutputFolder open(HadoopFiles hadoop, String folder, OutputMode mode, String run) {
    Path path = HadoopFiles.path(folder);
    FileSystem fs = hadoop.fileSystem(path);
    Path root = fs.makeQualified(path);
    try {
      check(fs, root, folder, mode);
      RunLock lock = RunLock.take(fs, new Path(root, INTERNAL), run);
      try {
        check(fs, root, folder, mode); // again: another job may have finished meanwhile
        // What a killed job left would be committed together with our rows.
        fs.delete(new Path(root, COMMITTER_LEFTOVERS), true);
        fs.delete(staging(root), true);
        OutputFolder output = new OutputFolder(hadoop, fs, root, mode, lock);
        ShutdownHookManager.get().addShutdownHook(output.hook, HOOK_PRIORITY);
        return output;
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new InvalidInputException("Cannot write to " + folder + ": " + e.getMessage(), e);
    }
  }

  /**
   * Keeps inputs, scores and rejected rows out of one another's folders.
   *
   * @param rejected folder of rejected rows that the user names, or null
   * @throws InvalidInputException if an input lies in a folder that is to be replaced, scores or
   *     rejected rows would lie in an input, or rejected rows among the scores
   */
  public static void requireApart(
      HadoopFiles hadoop, String folder, String rejected, OutputMode mode, List<String> inputs) {
    if (mode == OutputMode.OVERWRITE) {
      requireNotWithin(hadoop, folder, inputs);
    }
    requireOutside(hadoop, "--output " + folder, folder, inputs);
    if (rejected == null) {
      return;
    }
    requireOutside(hadoop, "--rejected " + rejected, rejected, inputs);
    if (hadoop.isReadIn(folder, rejected) || hadoop.isReadIn(rejected, folder)) {
      throw new InvalidInputException(
          "Invalid --rejected "
              + rejected
              + ": readers of --output "
              + folder
              + " would take rejected rows for scores; give a folder apart from it");
    }
  }

  /** A run that reads what an earlier one wrote takes scores for rows to score. */
  private static void requireOutside(
      HadoopFiles hadoop, String option, String folder, List<String> inputs) {
    for (String input : inputs) {
      for (FileStatus match : hadoop.matches(input)) {
        if (match.isDirectory() && hadoop.isReadIn(match.getPath().toString(), folder)) {
          throw new InvalidInputException(
              "Invalid "
                  + option
                  + ": it lies in the input "
                  + input
                  + ", and the next run would read it; give a folder apart from it");
        }
      }
    }
  }

  private static void requireNotWithin(HadoopFiles hadoop, String folder, List<String> inputs) {
    Path path = HadoopFiles.path(folder);
    String root = hadoop.fileSystem(path).makeQualified(path) + "/";
    for (String input : inputs) {
      for (FileStatus file : hadoop.files(input)) {
        if (file.getPath().toString().startsWith(root)) {
          throw new InvalidInputException(
              "Cannot overwrite " + folder + ": the input " + input + " lies in it");
        }
      }
    }
  }

  private static void check(FileSystem fs, Path root, String folder, OutputMode mode)
      throws IOException {
    if (!fs.exists(root)) {
      return;
    }
    if (!fs.getFileStatus(root).isDirectory()) {
      throw new InvalidInputException(
          "Cannot write to " + folder + ": it is a file, expected a folder");
    }
    boolean holdsFiles =
        Arrays.stream(fs.listStatus(root))
            .anyMatch(entry -> !HadoopFiles.isHiddenName(entry.getPath().getName()));
    if (!holdsFiles) {
      return;
    }
    if (mode == OutputMode.ERROR) {
      throw new InvalidInputException(
          "Cannot write to "
              + folder
              + ": it exists already. Use another --output, --mode resume (scores what is missing),"
              + " --mode overwrite or --mode append");
    }
    if (!fs.exists(new Path(root, INTERNAL))) {
      throw new InvalidInputException(
          "Cannot write to "
              + folder
              + ": it holds files that are not of this program (no "
              + INTERNAL
              + " in it). Use another --output");
    }
  }

  /** Whether scores that are there have to stay until all new ones are ready. */
  public boolean replaces() {
    return mode == OutputMode.OVERWRITE && !before.isEmpty();
  }

  /** Where Spark is to write the scores. */
  public String writePath() {
    return replaces() ? staging(root).toString() : root.toString();
  }

  public String internalPath(String name) {
    return new Path(new Path(root, INTERNAL), name).toString();
  }

  public String rootPath() {
    return root.toString();
  }

  /** What kind of table lies in the folder; null if there is none. */
  public OutputFormat holds() throws IOException {
    OutputFormat format = OutputFormat.of(name -> fs.exists(new Path(root, name)));
    return format == OutputFormat.PARQUET && before.isEmpty() ? null : format;
  }

  /** Part files that were there before this run. */
  public List<String> before() {
    return names(before);
  }

  /** Makes the scores of this run visible, if they are not yet, and lists their files. */
  public List<String> commit() throws IOException {
    if (replaces()) {
      lock.requireHeld();
      replace();
      return names(partFiles());
    }
    List<Path> files = partFiles();
    files.removeAll(new HashSet<>(before));
    return names(files);
  }

  /** Called before Spark commits into the folder. */
  public void requireHeld() {
    lock.requireHeld();
  }

  /** Tells what to do if another job takes the folder over while this one is silent. */
  public void onLoss(Runnable action) {
    lock.onLoss(action);
  }

  private void replace() throws IOException {
    for (FileStatus entry : fs.listStatus(root)) {
      if (!entry.getPath().getName().equals(INTERNAL)) {
        fs.delete(entry.getPath(), true);
      }
    }
    for (FileStatus entry : fs.listStatus(staging(root))) {
      Path to = new Path(root, entry.getPath().getName());
      if (!fs.rename(entry.getPath(), to)) {
        throw new IOException("cannot move " + entry.getPath() + " to " + to);
      }
    }
    fs.delete(staging(root), true);
  }

  private List<Path> partFiles() throws IOException {
    List<Path> files = new ArrayList<>();
    collect(root, files);
    files.sort(Comparator.comparing(Path::toString));
    return files;
  }

  private void collect(Path folder, List<Path> files) throws IOException {
    if (!fs.exists(folder)) {
      return;
    }
    for (FileStatus entry : fs.listStatus(folder)) {
      if (HadoopFiles.isHiddenName(entry.getPath().getName())) {
        continue;
      }
      if (entry.isDirectory()) {
        collect(entry.getPath(), files);
      } else {
        files.add(entry.getPath());
      }
    }
  }

  private static List<String> names(List<Path> files) {
    return files.stream().map(Path::toString).toList();
  }

  /**
   * Removes a folder under {@code _deeplift/} that an earlier run left, unless this run adds to it.
   */
  public void deleteInternal(String name) throws IOException {
    if (!mode.adds()) {
      fs.delete(new Path(internalPath(name)), true);
    }
  }

  /** Whether a folder, of this or another file system, holds files of data. */
  public boolean holdsFiles(String folder) throws IOException {
    Path path = HadoopFiles.path(folder);
    FileSystem its = hadoop.fileSystem(path);
    return its.exists(path)
        && Arrays.stream(its.listStatus(path))
            .anyMatch(entry -> !HadoopFiles.isHiddenName(entry.getPath().getName()));
  }

  /**
   * Replaces a small text file under {@code _deeplift/}: there is always the old or the new one.
   */
  public void writeText(String name, String text) throws IOException {
    Path file = places(name).get(0);
    Path fresh = places(name).get(1);
    try (OutputStream out = fs.create(fresh, true)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
    fs.delete(file, false);
    if (!fs.rename(fresh, file)) {
      throw new IOException("cannot move " + fresh + " to " + file);
    }
  }

  /** A text file under {@code _deeplift/}, or null if there is none. */
  public String readText(String name) throws IOException {
    for (Path file : places(name)) {
      if (fs.exists(file)) {
        try (InputStream in = fs.open(file)) {
          return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
      }
    }
    return null;
  }

  /** Removes a text file under {@code _deeplift/}, if there is one. */
  public void deleteText(String name) throws IOException {
    for (Path file : places(name)) {
      fs.delete(file, false);
    }
  }

  /** A text file, and where it is before the old one is gone. */
  private List<Path> places(String name) {
    return List.of(new Path(internalPath(name)), new Path(internalPath("." + name + ".new")));
  }

  /** Gives the folder back and removes what only this run needed. */
  @Override
  public void close() {
    ShutdownHookManager.get().removeShutdownHook(hook);
    release();
  }

  private void release() {
    try {
      fs.delete(staging(root), true);
      lock.close();
      deleteIfEmpty(new Path(root, INTERNAL));
      deleteIfEmpty(root);
    } catch (IOException e) {
      lock.close();
    }
  }

  private void deleteIfEmpty(Path folder) throws IOException {
    if (fs.exists(folder) && fs.listStatus(folder).length == 0) {
      fs.delete(folder, false);
    }
  }

  private static Path staging(Path root) {
    return new Path(new Path(root, INTERNAL), STAGING);
  }
}
