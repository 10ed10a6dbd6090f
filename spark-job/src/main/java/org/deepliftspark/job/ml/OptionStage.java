package org.deepliftspark.job.ml;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
import org.deepliftspark.job.cli.Option;

/**
 * A stage whose Params are options of the command line: named by their keys, with their help and
 * defaults. Params are made by fields of the subclass, since they ask for the stage's uid.
 */
abstract class OptionStage extends Transformer {
  private static final long serialVersionUID = 1L;

  private final String uid;
  private final Map<Param<?>, Option<?>> options = new LinkedHashMap<>();

  OptionStage(String uid) {
    this.uid = uid;
  }

  @Override
  public String uid() {
    return uid;
  }

  /** A Param that is no option. */
  final Param<String> text(String name, String doc, String byDefault) {
    Param<String> param = new Param<>(this, name, doc);
    setDefault(param, byDefault);
    return param;
  }

  final Param<String> text(Option<?> option) {
    Param<String> param = new Param<>(this, name(option), doc(option));
    if (option.defaultText() != null) {
      setDefault(param, option.defaultText());
    }
    options.put(param, option);
    return param;
  }

  final StringArrayParam texts(Option<?> option) {
    StringArrayParam param = new StringArrayParam(this, name(option), doc(option));
    options.put(param, option);
    return param;
  }

  final BooleanParam flag(Option<Boolean> option) {
    BooleanParam param = new BooleanParam(this, name(option), doc(option));
    setDefault(param, Boolean.valueOf(option.defaultText()));
    options.put(param, option);
    return param;
  }

  final LongParam number(Option<Long> option) {
    LongParam param = new LongParam(this, name(option), doc(option));
    setDefault(param, Long.valueOf(option.defaultText()));
    options.put(param, option);
    return param;
  }

  /** The key of an option as a Java name: {@code length-policy} is {@code lengthPolicy}. */
  private static String name(Option<?> option) {
    StringBuilder name = new StringBuilder();
    for (String word : option.key().split("-")) {
      name.append(
          name.isEmpty() ? word : Character.toUpperCase(word.charAt(0)) + word.substring(1));
    }
    return name.toString();
  }

  private static String doc(Option<?> option) {
    return option.form() == null ? option.doc() : option.form() + ": " + option.doc();
  }

  /** The options that were set, by key, as a user would write them. */
  final Map<String, List<String>> texts() {
    Map<String, List<String>> texts = new LinkedHashMap<>();
    options.forEach(
        (param, option) -> {
          if (isSet(param)) {
            Object value = getOrDefault(param);
            texts.put(
                option.key(),
                value instanceof String[] several ? List.of(several) : List.of(value.toString()));
          }
        });
    return texts;
  }
}
