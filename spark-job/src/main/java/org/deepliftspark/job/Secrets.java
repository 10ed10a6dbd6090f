package org.deepliftspark.job;

import java.util.regex.Pattern;

/**
 * Blots out credentials that stand in a URI, such as {@code s3a://KEY:SECRET@bucket} or {@code
 * ?sig=...}, before a text goes to a file, a page or a log that others read. A container in front
 * of an account ({@code abfss://container@account}) is none.
 */
public final class Secrets {
  private static final String BLOT = "***";

  /**
   * User and password, but not a host, its port and an {@code @} further on. Every part has an end,
   * so that time grows with a text's length only, whatever stands in it.
   */
  private static final Pattern USER_INFO =
      Pattern.compile(
          "([A-Za-z][A-Za-z0-9+.-]{0,30}+:/{1,3}+)[^/\\s:@\"]{1,1024}+:(?!\\d{1,5}+/)[^\\s@\"]{0,1024}+@");

  private static final Pattern PARAMETER =
      Pattern.compile(
          "(?i)([?&](?:[a-z-]*(?:sig|signature|token|credential|secret|password|key))=)[^&\\s\"]+");

  private Secrets() {}

  /** The same text without credentials. */
  public static String redact(String text) {
    if (text == null) {
      return null;
    }
    String withoutUsers = USER_INFO.matcher(text).replaceAll("$1" + BLOT + "@");
    return PARAMETER.matcher(withoutUsers).replaceAll("$1" + BLOT);
  }
}
