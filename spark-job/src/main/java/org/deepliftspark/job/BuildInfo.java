package org.deepliftspark.job;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

/** What this build is, from the manifest of the jar that holds this class. */
public final class BuildInfo {
  /** Shown where classes do not come from a jar, as in tests. */
  private static final String UNKNOWN = "unknown";

  private BuildInfo() {}

  public static String version() {
    return attribute(Attributes.Name.IMPLEMENTATION_VERSION.toString());
  }

  /** The commit that the jar was built from. */
  public static String gitId() {
    return attribute("Git-Id");
  }

  /** One line for {@code version}. */
  public static String line() {
    return "deeplift-spark "
        + version()
        + " ("
        + gitId()
        + "), Java "
        + Runtime.version().feature();
  }

  private static String attribute(String name) {
    String resource = "/" + BuildInfo.class.getName().replace('.', '/') + ".class";
    URL self = BuildInfo.class.getResource(resource);
    if (self == null || !self.getProtocol().equals("jar")) {
      return UNKNOWN;
    }
    String root = self.toString().substring(0, self.toString().length() - resource.length());
    try (InputStream in = URI.create(root + "/META-INF/MANIFEST.MF").toURL().openStream()) {
      String value = new Manifest(in).getMainAttributes().getValue(name);
      return value == null ? UNKNOWN : value;
    } catch (IOException e) {
      // A jar repacked by others may have lost its manifest; no reason to stop a run.
      return UNKNOWN;
    }
  }
}
