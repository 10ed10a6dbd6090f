package org.deepliftspark.job.cli;

/** Headings under which help and docs list the options. */
enum OptionGroup {
  MODEL("Model"),
  INPUT("Input"),
  REFERENCES("References"),
  OUTPUT("Output"),
  QUALITY("Quality"),
  ENGINE("Engine"),
  RUN("Run");

  private final String title;

  OptionGroup(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
