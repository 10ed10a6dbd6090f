package org.deepliftspark.job.io;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.deepliftspark.engine.InvalidInputException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a second job off the same output: a file that says who owns it and is written anew every
 * few seconds. Its age is told by the file system's own clock. A lock whose owner has been silent
 * for long, or is a dead process of this host, is taken over.
 */
final class RunLock implements AutoCloseable {
  static final String NAME = "lock";

  private static final Duration BEAT = Duration.ofSeconds(10);
  private static final Duration SILENCE = Duration.ofSeconds(120);
  private static final Logger LOG = LoggerFactory.getLogger(RunLock.class);

  private final FileSystem fs;
  private final Path file;
  private final Owner owner;
  private final ScheduledExecutorService heart;
  private volatile boolean lost;
  private volatile Runnable lossAction = () -> {};

  private RunLock(FileSystem fs, Path file, Owner owner) {
    this.fs = fs;
    this.file = file;
    this.owner = owner;
    this.heart =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "deeplift-lock");
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Who holds a lock; one line of text in the file.
   *
   * @param run id of the run
   * @param host where its driver runs
   * @param processes what the process ids of the driver's container are counted in; containers may
   *     share a host name
   * @param pid process id of the driver
   */
  record Owner(String run, String host, String processes, long pid) {
    static Owner of(String run) {
      return new Owner(run, hostName(), processSpace(), ProcessHandle.current().pid());
    }

    static Owner parse(String line) {
      String[] parts = line.strip().split(" ");
      try {
        return parts.length == 4
            ? new Owner(parts[0], parts[1], parts[2], Long.parseLong(parts[3]))
            : null;
      } catch (NumberFormatException notALock) {
        return null;
      }
    }

    String line() {
      return run + " " + host + " " + processes + " " + pid + "\n";
    }

    boolean isDeadHere() {
      return host.equals(hostName())
          && processes.equals(processSpace())
          && ProcessHandle.of(pid).isEmpty();
    }

    private static String processSpace() {
      try {
        return Files.readSymbolicLink(java.nio.file.Path.of("/proc/self/ns/pid")).toString();
      } catch (IOException | SecurityException unknown) {
        return "unknown";
      }
    }

    private static String hostName() {
      try {
        return InetAddress.getLocalHost().getHostName();
      } catch (UnknownHostException e) {
        return "unknown-host";
      }
    }
  }

  /**
   * Takes the lock of a folder.
   *
   * @throws InvalidInputException if a living job holds it
   */
  static RunLock take(FileSystem fs, Path folder, String run) {
    return take(fs, folder, run, BEAT);
  }

  /** As {@link #take(FileSystem, Path, String)}, renewed so often. */
  static RunLock take(FileSystem fs, Path folder, String run, Duration beat) {
    RunLock lock = new RunLock(fs, new Path(folder, NAME), Owner.of(run));
    try {
      fs.mkdirs(folder);
      lock.take();
    } catch (IOException e) {
      throw new InvalidInputException("Cannot write to " + folder + ": " + e.getMessage(), e);
    }
    lock.heart.scheduleAtFixedRate(
        lock::beat, beat.toMillis(), beat.toMillis(), TimeUnit.MILLISECONDS);
    return lock;
  }

  private void take() throws IOException {
    if (fs.exists(file)) {
      refuseIfAlive();
      // Of several jobs that find a dead lock, one succeeds in moving it away.
      Path stale = new Path(file.getParent(), NAME + "-stale-" + owner.run());
      if (fs.rename(file, stale)) {
        fs.delete(stale, false);
      }
    }
    try {
      write(false);
    } catch (IOException taken) {
      refuseIfAlive();
      throw taken;
    }
  }

  private void refuseIfAlive() throws IOException {
    Owner other = read();
    if (other != null && other.isDeadHere()) {
      LOG.info("Taking over the lock of run {}: its process {} is gone", other.run(), other.pid());
      return;
    }
    long silent = now() - fs.getFileStatus(file).getModificationTime();
    if (silent >= SILENCE.toMillis()) {
      LOG.info("Taking over the lock {}: silent for {} s", file, silent / 1000);
      return;
    }
    String who =
        other == null ? "another job" : "a job on " + other.host() + ", process " + other.pid();
    throw new InvalidInputException(
        "Cannot write to "
            + file.getParent().getParent()
            + ": "
            + who
            + " is writing to it (last sign of life "
            + Math.max(0, silent / 1000)
            + " s ago; it counts as dead after "
            + SILENCE.toSeconds()
            + " s)");
  }

  /** The time by the clock of the file system, which may differ from ours. */
  private long now() throws IOException {
    Path probe = new Path(file.getParent(), "clock-" + owner.run());
    fs.create(probe, true).close();
    try {
      return fs.getFileStatus(probe).getModificationTime();
    } finally {
      fs.delete(probe, false);
    }
  }

  private Owner read() {
    try (InputStream in = fs.open(file)) {
      return Owner.parse(new String(in.readNBytes(1024), StandardCharsets.UTF_8));
    } catch (IOException e) {
      return null; // between two writes of its owner, or released just now
    }
  }

  private void write(boolean overwrite) throws IOException {
    try (OutputStream out = fs.create(file, overwrite)) {
      out.write(owner.line().getBytes(StandardCharsets.UTF_8));
    }
  }

  private void beat() {
    try {
      Owner holder = read();
      if (holder != null && !holder.equals(owner)) {
        LOG.warn("The lock {} was taken over by run {}", file, holder.run());
        lost = true;
        heart.shutdown();
        lossAction.run();
        return;
      }
      write(true);
    } catch (IOException e) {
      LOG.warn("Cannot renew the lock {}: {}", file, e.getMessage());
    }
  }

  /** Tells what to do if another job takes the lock over; runs on the lock's own thread. */
  void onLoss(Runnable action) {
    lossAction = action;
  }

  /**
   * Checks that the lock is still ours, before results become visible.
   *
   * @throws InvalidInputException if another job took it over, as after a long pause of this
   *     process
   */
  void requireHeld() {
    Owner holder = read();
    if (lost || (holder != null && !holder.equals(owner))) {
      throw new InvalidInputException(
          "Cannot finish writing to "
              + file.getParent().getParent()
              + ": another job took the output over while this one was silent");
    }
  }

  @Override
  public void close() {
    awaitLastBeat();
    try {
      if (owner.equals(read())) {
        fs.delete(file, false);
      }
    } catch (IOException e) {
      LOG.warn("Cannot release the lock {}: {}", file, e.getMessage());
    }
  }

  /** A lock that is cut off while it is written has no owner that would remove it. */
  private void awaitLastBeat() {
    heart.shutdown();
    boolean interrupted = Thread.interrupted();
    try {
      if (!heart.awaitTermination(BEAT.toMillis(), TimeUnit.MILLISECONDS)) {
        heart.shutdownNow();
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
