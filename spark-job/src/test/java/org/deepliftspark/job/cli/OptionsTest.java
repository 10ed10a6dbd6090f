package org.deepliftspark.job.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.deepliftspark.engine.InvalidInputException;
import org.deepliftspark.engine.encode.LengthPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OptionsTest {
  private static final List<String> REQUIRED =
      List.of("--model", "m.h5", "--input", "x.fa", "--output", "out");

  @TempDir Path folder;

  private static OptionValues score(String... more) {
    List<String> args = new ArrayList<>(REQUIRED);
    args.addAll(List.of(more));
    return Options.parse(CommandName.SCORE, args);
  }

  @Test
  void bothFormsOfAValueMeanTheSame() {
    assertThat(score("--seed=7", "--length-policy", "pad"))
        .isEqualTo(score("--seed", "7", "--length-policy=pad"));
    assertThat(score("--seed=7").get(Options.SEED)).isEqualTo(7L);
    assertThat(score("--length-policy=pad").get(Options.LENGTH_POLICY)).isEqualTo(LengthPolicy.PAD);
  }

  @Test
  void defaultsComeFromTheTable() {
    OptionValues options = score();
    assertThat(options.get(Options.MAX_REJECTED_FRACTION)).isEqualTo(0.01);
    assertThat(options.get(Options.HYPOTHETICAL)).isFalse();
    assertThat(options.find(Options.MAX_DELTA)).isEmpty();
    assertThat(options.isGiven(Options.SEED)).isFalse();
    assertThat(options.resolved())
        .containsEntry("method", "rescale")
        .containsEntry("hypothetical", "false")
        .containsEntry("input", List.of("x.fa"))
        .doesNotContainKey("max-delta");
  }

  @Test
  void repeatableOptionsKeepEveryValueInOrder() {
    assertThat(score("--target", "1", "--target=0").all(Options.TARGET)).containsExactly("1", "0");
    assertThat(score("--target", "1", "0", "--layout", "full").all(Options.TARGET))
        .containsExactly("1", "0");
  }

  @ParameterizedTest
  @CsvSource({
    "--modle,Unknown option --modle for 'score'. Did you mean --model?",
    "--ouptut,Unknown option --ouptut for 'score'. Did you mean --output?",
    "--hypotetical,Unknown option --hypotetical for 'score'. Did you mean --hypothetical?",
    "--qqqqqqqqq,Unknown option --qqqqqqqqq for 'score'. See --help.",
    "--threads,Unknown option --threads for 'score'.",
    "--conf,Unknown option --conf for 'score': it is one of spark-submit's"
  })
  void anUnknownOptionIsRefusedWithTheNearestOne(String option, String message) {
    assertThatThrownBy(() -> score(option, "x"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "--seed=x;Invalid value 'x' for --seed: expected a whole number",
        "--length-policy=cut;Invalid value 'cut' for --length-policy: expected one of reject, center, pad",
        "--mode=merge;Invalid value 'merge' for --mode: expected one of error, overwrite, append, resume",
        "--max-rejected-fraction=2;Invalid value '2' for --max-rejected-fraction: expected a number from 0 to 1",
        "--max-delta=NaN;Invalid value 'NaN' for --max-delta: expected a number of at least 0",
        "--batch=0;Invalid value '0' for --batch: expected auto or a whole number of at least 1",
        "--memory-per-task=2q;Invalid value '2q' for --memory-per-task: expected auto or a size such as 512m or 2g",
        "--hypothetical=yes;Invalid value 'yes' for --hypothetical: expected true or false",
        "--seed=1 --seed=2;Option --seed is given more than once",
        "--seed;Missing value for --seed: expected N",
        "--seed --hypothetical;Missing value for --seed: expected N",
        "x.fa;Unexpected 'x.fa' for 'score': options start with --, see --help"
      })
  void aBadValueIsRefusedWithWhatIsAllowed(String args, String message) {
    assertThatThrownBy(() -> score(args.split(" ")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(message);
  }

  @Test
  void everyMissingOptionIsNamedAtOnce() {
    assertThatThrownBy(() -> Options.parse(CommandName.SCORE, List.of("--model", "m.h5")))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Missing for 'score': --input PATH, --output FOLDER. See --help.");
  }

  @Test
  void sizesCountInPowersOfTwo() {
    assertThat(score("--memory-per-task=512m").get(Options.MEMORY_PER_TASK)).isEqualTo(512L << 20);
    assertThat(score("--memory-per-task=2GB").get(Options.MEMORY_PER_TASK)).isEqualTo(2L << 30);
    assertThat(score().get(Options.MEMORY_PER_TASK)).isZero();
  }

  @Test
  void aConfigFileEqualsTheSameOptionsOnTheCommandLine() throws Exception {
    Path config =
        write(
            """
            model: m.h5
            input: [x.fa]
            output: out
            target:
              - 'task:1'
              - 0010
            hypothetical: true
            seed: 7
            max-rejected-fraction: 0.10
            """);
    OptionValues fromFile =
        Options.parse(CommandName.SCORE, List.of("--config", config.toString()));
    OptionValues fromLine =
        score(
            "--target=task:1",
            "--target=0010",
            "--hypothetical",
            "--seed=7",
            "--max-rejected-fraction=0.10",
            "--config",
            config.toString());
    assertThat(fromFile).isEqualTo(fromLine);
  }

  @Test
  void theCommandLineWinsOverTheConfigFile() throws Exception {
    Path config = write("seed: 7\nhypothetical: true\ntarget: [0, 1]\n");
    OptionValues options =
        score("--config", config.toString(), "--hypothetical=false", "--target=2");
    assertThat(options.get(Options.SEED)).isEqualTo(7L);
    assertThat(options.get(Options.HYPOTHETICAL)).isFalse();
    assertThat(options.all(Options.TARGET)).containsExactly("2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "sede: 7;Unknown option --sede for 'score' in FILE. Did you mean --seed?",
        "seed: x;Invalid value 'x' for --seed in FILE: expected a whole number",
        "seed: [1, 2];Invalid value for --seed in FILE: expected one value",
        "target: {a: 1};Invalid value for --target in FILE: expected one value or a list of values",
        "config: other.yaml;Option --config cannot be used in FILE",
        "memory-per-task: 999999999999t;Invalid value '999999999999t' for --memory-per-task in FILE: expected a size of at most 8388607t",
        "preprocessing: &a {x: *a, y: *a};Invalid config FILE: *a stands within what it stands for, expected lines of 'key: value' with the keys of the command line",
        "&a [*a, *a]: 1;Invalid config FILE: *a stands within what it stands for, expected lines of 'key: value' with the keys of the command line",
        "target: [[[[a]]]];Invalid config FILE: nested more than 4 deep, expected lines of 'key: value' with the keys of the command line",
        "'# nothing but this';Invalid config FILE: expected lines of 'key: value' with the keys of the command line",
        "just text;Invalid config FILE: expected lines of 'key: value' with the keys of the command line"
      })
  void aBadConfigFileIsRefusedWithItsName(String yaml, String message) throws Exception {
    Path config = write(yaml);
    assertThatThrownBy(() -> score("--config", config.toString()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage(message.replace("FILE", config.toString()));
  }

  @Test
  void aConfigFileBuildsNoObjectsAndBoundsAliases() throws Exception {
    Path tagged = write("seed: !!java.net.URL [\"http://localhost\"]\n");
    assertThatThrownBy(() -> score("--config", tagged.toString()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining(tagged.toString());
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a%d: &a%d [*a%d, *a%d]\n".formatted(i, i, i - 1, i - 1));
    }
    Path aliases = write(bomb.toString());
    assertThatThrownBy(() -> score("--config", aliases.toString()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageStartingWith("Invalid config " + aliases);
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS)
  void nestingTakesNoStackAndNoTime() throws Exception {
    Path deep = write("target: " + "[".repeat(500_000) + "\n");
    assertThatThrownBy(() -> score("--config", deep.toString()))
        .isInstanceOf(InvalidInputException.class)
        .hasMessageContaining("nested more than 4 deep");
  }

  @Test
  void aMissingConfigFileIsNamed() {
    assertThatThrownBy(() -> score("--config", "no/such.yaml"))
        .isInstanceOf(InvalidInputException.class)
        .hasMessage("Cannot read config no/such.yaml: no such file");
  }

  @ParameterizedTest
  @EnumSource(CommandName.class)
  void helpAndDocsListEveryOptionOfACommand(CommandName command) {
    String help = HelpText.of(command);
    String docs = HelpText.markdown(command);
    for (Option<?> option : Options.of(command)) {
      assertThat(help).contains("  " + option + (option.isFlag() ? "\n" : " " + option.form()));
      assertThat(docs).contains("| `" + option);
    }
    assertThat(help.lines()).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(100));
  }

  @Test
  void theReadmeListsTheOptionsOfTheTable() throws Exception {
    Path readme = Path.of("..", "README.md").toAbsolutePath().normalize();
    assertThat(Files.readString(readme))
        .as("README.md, from the mark <!-- options --> on, is what the table of options gives")
        .contains("<!-- options -->" + HelpText.markdown(CommandName.SCORE));
  }

  @Test
  void helpNeedsNoRequiredOptions() {
    assertThat(Options.parse(CommandName.SCORE, List.of("--help")).get(Options.HELP)).isTrue();
  }

  private Path write(String yaml) throws Exception {
    return Files.writeString(Files.createTempFile(folder, "job", ".yaml"), yaml);
  }
}
