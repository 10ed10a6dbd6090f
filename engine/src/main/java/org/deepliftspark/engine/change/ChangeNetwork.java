package org.deepliftspark.engine.change;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.deepliftspark.engine.backend.Executable;
import org.deepliftspark.engine.backend.Workspace;
import org.deepliftspark.engine.program.Program;

/** The programs of a plan, made ready on a backend. Safe for many threads, each with a session. */
public final class ChangeNetwork implements AutoCloseable {
  private final ChangePlan plan;
  private final Executable row;
  private final List<Executable> stages = new ArrayList<>();
  private final Executable rest;
  private final List<Executable> opened = new ArrayList<>();

  /**
   * @param backend makes a program ready
   */
  public ChangeNetwork(ChangePlan plan, Function<Program, Executable> backend) {
    this.plan = plan;
    try {
      this.row = plan.row() == null ? null : open(plan.row(), backend);
      plan.stages().forEach(stage -> stages.add(open(stage.program(), backend)));
      this.rest = open(plan.rest(), backend);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private Executable open(Program program, Function<Program, Executable> backend) {
    Executable executable = backend.apply(program);
    opened.add(executable);
    return executable;
  }

  /** What runs: backend, version, instruction set. */
  public String description() {
    return rest.description();
  }

  /** Scratch memory of one thread. */
  public ChangeSession newSession() {
    List<Workspace> workspaces = new ArrayList<>();
    try {
      Workspace ofRow = row == null ? null : added(row, workspaces);
      List<Workspace> ofStages = stages.stream().map(stage -> added(stage, workspaces)).toList();
      return new ChangeSession(plan, ofRow, ofStages, added(rest, workspaces), workspaces);
    } catch (RuntimeException | Error e) {
      workspaces.forEach(Workspace::close);
      throw e;
    }
  }

  private static Workspace added(Executable executable, List<Workspace> to) {
    Workspace workspace = executable.newWorkspace();
    to.add(workspace);
    return workspace;
  }

  @Override
  public void close() {
    opened.forEach(Executable::close);
    opened.clear();
  }
}
