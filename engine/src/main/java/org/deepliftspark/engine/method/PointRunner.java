package org.deepliftspark.engine.method;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deepliftspark.engine.backend.Batch;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.graph.Shape;
import org.deepliftspark.engine.program.Elements;
import org.deepliftspark.engine.program.Numbers;
import org.deepliftspark.engine.program.Program;
import org.deepliftspark.engine.rule.ProgramCompiler;

/** Asks points of a network, as many per call as suit its workspace. For one thread. */
final class PointRunner {
  private final Program program;
  private final Workspace workspace;
  private final Shape[] shapes;

  PointRunner(Program program, Workspace workspace, Shape[] shapes) {
    this.program = program;
    this.workspace = workspace;
    this.shapes = shapes;
  }

  /** Asks all points of the tasks, in order; a call may hold points of several tasks. */
  void ask(List<PointMethod.Task> tasks) {
    int atOnce = Math.max(1, workspace.preferredRows());
    int[][] call = new int[atOnce][];
    int waiting = 0;
    for (int task = 0; task < tasks.size(); task++) {
      for (int point = 0; point < tasks.get(task).points(); point++) {
        call[waiting++] = new int[] {task, point};
        if (waiting == atOnce) {
          ask(tasks, call, waiting);
          waiting = 0;
        }
      }
    }
    if (waiting > 0) {
      ask(tasks, call, waiting);
    }
    tasks.forEach(PointMethod.Task::finish);
  }

  private void ask(List<PointMethod.Task> tasks, int[][] call, int count) {
    float[][] inputs = new float[shapes.length][];
    for (int input = 0; input < shapes.length; input++) {
      inputs[input] = new float[Math.multiplyExact(count, shapes[input].size())];
    }
    for (int i = 0; i < count; i++) {
      tasks.get(call[i][0]).write(call[i][1], inputs, i);
    }
    Answers answers =
        new Answers(workspace.run(new Batch(count, List.of(inputs), List.of())), count);
    for (int i = 0; i < count; i++) {
      answers.row = i;
      tasks.get(call[i][0]).read(call[i][1], answers);
    }
  }

  /** The answers of a call; {@code row} says of which point. */
  private final class Answers implements Answer {
    private final Numbers predictions;
    private final Numbers modelOutputs;
    private final List<Numbers> gradients;
    private final Elements ofPredictions;
    private final Elements ofModelOutputs;
    private final List<Elements> ofGradients = new ArrayList<>();
    private int row;

    Answers(Map<String, Numbers> outputs, int rows) {
      this.predictions = outputs.get(ProgramCompiler.PREDICTION);
      this.modelOutputs = outputs.get(ProgramCompiler.MODEL_OUTPUT);
      this.ofPredictions = new Elements(program, ProgramCompiler.PREDICTION, rows);
      this.ofModelOutputs = new Elements(program, ProgramCompiler.MODEL_OUTPUT, rows);
      this.gradients = new ArrayList<>();
      IntStream.range(0, shapes.length)
          .mapToObj(input -> ProgramCompiler.MULTIPLIERS + input)
          .forEach(
              name -> {
                gradients.add(outputs.get(name));
                ofGradients.add(
                    outputs.containsKey(name) ? new Elements(program, name, rows) : null);
              });
    }

    @Override
    public double prediction(int target) {
      return predictions.get(ofPredictions.of(0, 0, row, 0) * ofPredictions.size() + target);
    }

    @Override
    public double modelOutput(int target) {
      return modelOutputs.get(ofModelOutputs.of(0, 0, row, 0) * ofModelOutputs.size() + target);
    }

    @Override
    public double gradient(int input, int target, int cell) {
      Elements elements = ofGradients.get(input);
      return gradients.get(input).get(elements.of(target, 0, row, 0) * elements.size() + cell);
    }
  }
}
