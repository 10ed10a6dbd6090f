package org.deepliftspark.job.experiment;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.deepliftspark.engine.npy.Npy;

/**
 * Pictures of digits.
 *
 * @param pixels per picture, as the network takes them
 */
record Digits(List<float[]> pixels, int[] labels) {

  /** The papers' ten thousand test digits where they are, as raw bytes. */
  static Optional<Digits> upstream(Setting setting) throws IOException {
    Optional<Path> images = setting.upstream("mnist/t10k-images-idx3-ubyte.gz");
    Optional<Path> labels = setting.upstream("mnist/t10k-labels-idx1-ubyte.gz");
    return images.isPresent() && labels.isPresent()
        ? Optional.of(idx(images.get(), labels.get()))
        : Optional.empty();
  }

  /** Digits as the project's own networks were trained on. */
  static Digits own(Setting setting) {
    float[] all = Npy.read(setting.own().resolve("digits.npy")).numbers().floats();
    float[] labels = Npy.read(setting.own().resolve("labels.npy")).numbers().floats();
    int size = all.length / labels.length;
    List<float[]> pixels = new ArrayList<>();
    int[] numbers = new int[labels.length];
    for (int i = 0; i < numbers.length; i++) {
      float[] picture = new float[size];
      for (int pixel = 0; pixel < size; pixel++) {
        picture[pixel] = all[i * size + pixel] / 255;
      }
      pixels.add(picture);
      numbers[i] = Math.round(labels[i]);
    }
    return new Digits(pixels, numbers);
  }

  /** The format of the MNIST database: big-endian sizes, then bytes. */
  private static Digits idx(Path images, Path labels) throws IOException {
    try (DataInputStream ofImages = stream(images);
        DataInputStream ofLabels = stream(labels)) {
      ofImages.readInt();
      int count = ofImages.readInt();
      int size = ofImages.readInt() * ofImages.readInt();
      ofLabels.readInt();
      ofLabels.readInt();
      List<float[]> pixels = new ArrayList<>();
      int[] numbers = new int[count];
      for (int i = 0; i < count; i++) {
        float[] picture = new float[size];
        for (int pixel = 0; pixel < size; pixel++) {
          picture[pixel] = ofImages.readUnsignedByte();
        }
        pixels.add(picture);
        numbers[i] = ofLabels.readUnsignedByte();
      }
      return new Digits(pixels, numbers);
    }
  }

  private static DataInputStream stream(Path gzip) throws IOException {
    return new DataInputStream(new GZIPInputStream(new ByteArrayInputStream(Setting.bytes(gzip))));
  }

  /** Places of the pictures of one digit. */
  List<Integer> of(int digit) {
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < labels.length; i++) {
      if (labels[i] == digit) {
        places.add(i);
      }
    }
    return places;
  }
}
