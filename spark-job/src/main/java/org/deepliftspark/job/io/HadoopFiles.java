package org.deepliftspark.job.io;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.deepliftspark.engine.InvalidInputException;

/** Files on any file system that Hadoop knows. Failures name the path. */
public final class HadoopFiles {
  /** Largest file that is read as a whole; the most that one Java array holds. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - 8L;

  private final Configuration configuration;

  public HadoopFiles(Configuration configuration) {
    this.configuration = configuration;
  }

  /** The whole file. */
  public byte[] read(String text) {
    Path path = path(text);
    try {
      FileSystem fs = fileSystem(path);
      FileStatus status = fs.getFileStatus(path);
      if (status.isDirectory()) {
        throw new InvalidInputException(
            "Cannot read " + text + ": it is a folder, expected a file");
      }
      if (status.getLen() > MOST_BYTES) {
        throw new InvalidInputException(
            "Cannot read " + text + ": " + status.getLen() + " bytes, at most " + MOST_BYTES);
      }
      try (InputStream in = fs.open(path)) {
        return in.readAllBytes();
      }
    } catch (FileNotFoundException e) {
      throw new InvalidInputException("Cannot read " + text + ": no such file", e);
    } catch (IOException e) {
      throw cannotRead(text, e);
    }
  }

  /** The whole file, or null if there is none. */
  public byte[] readIfThere(String text) {
    Path path = path(text);
    try {
      return fileSystem(path).exists(path) ? read(text) : null;
    } catch (IOException e) {
      throw cannotRead(text, e);
    }
  }

  /** The bytes of a file, as they are stored. */
  InputStream open(Path path) throws IOException {
    return fileSystem(path).open(path);
  }

  /** The first bytes of a file, as they are stored; fewer if it is shorter. */
  byte[] head(String text, int count) {
    try (InputStream in = open(path(text))) {
      return in.readNBytes(count);
    } catch (FileNotFoundException e) {
      throw new InvalidInputException("Cannot read " + text + ": no such file", e);
    } catch (IOException e) {
      throw cannotRead(text, e);
    }
  }

  boolean exists(String text) {
    Path path = path(text);
    try {
      return fileSystem(path).exists(path);
    } catch (IOException e) {
      throw cannotRead(text, e);
    }
  }

  /**
   * The files that a file, folder or pattern stands for, without hidden ones (names that start with
   * {@code _} or {@code .}), in the order of their names.
   */
  public List<FileStatus> files(String text) {
    Path path = path(text);
    try {
      List<FileStatus> files = new ArrayList<>();
      List<FileStatus> matches = matches(text);
      for (FileStatus match : matches) {
        if (match.isDirectory()) {
          addFilesUnder(match.getPath(), files);
        } else if (!isHiddenName(match.getPath().getName())) {
          files.add(match);
        } else if (matches.size() == 1) {
          throw new InvalidInputException(
              "Cannot read " + text + ": names that begin with _ or . are passed over; rename it");
        }
      }
      files.sort(Comparator.comparing(file -> file.getPath().toString()));
      return files;
    } catch (IOException e) {
      throw cannotRead(text, e);
    }
  }

  /**
   * The files and folders that a file, folder or pattern names.
   *
   * @throws InvalidInputException if there are none
   */
  List<FileStatus> matches(String text) {
    Path path = path(text);
    try {
      FileStatus[] matches = fileSystem(path).globStatus(path);
      if (matches == null || matches.length == 0) {
        throw new InvalidInputException("Cannot read " + text + ": no such file or folder");
      }
      return List.of(matches);
    } catch (IOException e) {
      throw cannotRead(text, e);
    } catch (IllegalArgumentException e) { // of a name beside those that match
      throw new InvalidInputException(
          "Cannot read " + text + ": a pattern cannot look through names with a colon", e);
    }
  }

  /**
   * The folders that files lie in below what a file, folder or pattern names, such as {@code
   * 2024/batch=1}; the empty text for files that lie directly in it or are named themselves.
   */
  Set<String> foldersBelow(String text) {
    Set<String> folders = new TreeSet<>();
    for (FileStatus match : matches(text)) {
      if (match.isFile()) {
        folders.add("");
        continue;
      }
      for (FileStatus file : files(literal(match.getPath().toString()))) {
        URI parent = file.getPath().getParent().toUri();
        folders.add(match.getPath().toUri().relativize(parent).getPath());
      }
    }
    return folders;
  }

  /**
   * Whether who reads a folder reads a path that is the folder itself or lies in it, however deep.
   */
  boolean isReadIn(String folder, String path) {
    Path outer = qualified(folder);
    Path inner = qualified(path);
    String prefix = outer.isRoot() ? outer.toString() : outer + "/";
    return (inner + "/").startsWith(prefix) && !isHidden(outer, inner);
  }

  private Path qualified(String text) {
    Path path = path(text);
    return fileSystem(path).makeQualified(path);
  }

  private void addFilesUnder(Path folder, List<FileStatus> files) throws IOException {
    RemoteIterator<LocatedFileStatus> all = fileSystem(folder).listFiles(folder, true);
    while (all.hasNext()) {
      LocatedFileStatus file = all.next();
      if (!isHidden(folder, file.getPath())) {
        files.add(file);
      }
    }
  }

  /** Whether a file, or a folder between it and {@code root}, is hidden. */
  static boolean isHidden(Path root, Path file) {
    String below = root.toUri().relativize(file.toUri()).getPath();
    String relative = below.startsWith("/") ? file.getName() : below;
    return Arrays.stream(relative.split("/")).anyMatch(HadoopFiles::isHiddenName);
  }

  static boolean isHiddenName(String name) {
    return name.startsWith(".") || (name.startsWith("_") && !name.contains("="));
  }

  /** A path as a pattern that stands for this very path, for readers that take patterns. */
  public static String literal(String path) {
    return path.replaceAll("[{}\\[\\]*?\\\\]", "\\\\$0");
  }

  static Path path(String text) {
    try {
      return new Path(text);
    } catch (IllegalArgumentException e) {
      throw new InvalidInputException("Invalid path '" + text + "': " + e.getMessage(), e);
    }
  }

  FileSystem fileSystem(Path path) {
    try {
      return path.getFileSystem(configuration);
    } catch (IOException e) {
      throw new InvalidInputException("Cannot reach " + path + ": " + e.getMessage(), e);
    }
  }

  private static InvalidInputException cannotRead(String text, IOException e) {
    return new InvalidInputException("Cannot read " + text + ": " + e.getMessage(), e);
  }
}
