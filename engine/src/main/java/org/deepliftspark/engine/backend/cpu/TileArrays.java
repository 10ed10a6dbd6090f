package org.deepliftspark.engine.backend.cpu;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.stream.Stream;
import org.deepliftspark.engine.backend.cpu.TileAction.Call;
import org.deepliftspark.engine.backend.cpu.TileAction.Load;
import org.deepliftspark.engine.backend.cpu.TileAction.Store;

/**
 * Gives the values of a tile arrays so that one whose value nobody reads any more is used again:
 * few arrays stay in the innermost cache.
 *
 * @param actions with their new numbers
 * @param count how many arrays there are
 */
record TileArrays(List<TileAction> actions, int count, int[] numbers) {

  /**
   * @param values numbers of values that {@code actions} use, each for one value
   * @param kept values that last from tile to tile
   */
  static TileArrays of(List<TileAction> actions, int values, Stream<Integer> kept) {
    int[] last = new int[values];
    for (int at = 0; at < actions.size(); at++) {
      for (int value : used(actions.get(at))) {
        last[value] = at;
      }
    }
    int[] numbers = new int[values];
    Arrays.fill(numbers, -1);
    int count = 0;
    for (int value : kept.toList()) {
      last[value] = Integer.MAX_VALUE;
      numbers[value] = count++;
    }
    Deque<Integer> free = new ArrayDeque<>();
    List<TileAction> renumbered = new ArrayList<>();
    for (int at = 0; at < actions.size(); at++) {
      TileAction action = actions.get(at);
      for (int value : used(action)) {
        if (numbers[value] < 0) {
          numbers[value] = free.isEmpty() ? count++ : free.pop();
        }
      }
      renumbered.add(renumbered(action, numbers));
      int now = at;
      Arrays.stream(used(action))
          .distinct()
          .filter(value -> last[value] == now)
          .forEach(value -> free.push(numbers[value]));
    }
    return new TileArrays(renumbered, count, numbers);
  }

  /** The array of a value. */
  int array(int value) {
    return numbers[value];
  }

  private static int[] used(TileAction action) {
    if (action instanceof Load load) {
      return new int[] {load.array()};
    } else if (action instanceof Store store) {
      return new int[] {store.array()};
    }
    Call call = (Call) action;
    int[] used = new int[call.in().length + 1];
    int count = 0;
    for (int i = 0; i < call.in().length; i++) {
      if (call.constants()[i] == null) {
        used[count++] = call.in()[i];
      }
    }
    used[count++] = call.out();
    return Arrays.copyOf(used, count);
  }

  private static TileAction renumbered(TileAction action, int[] numbers) {
    if (action instanceof Load load) {
      return new Load(numbers[load.array()], load.cell());
    } else if (action instanceof Store store) {
      return new Store(numbers[store.array()], store.cell());
    }
    Call call = (Call) action;
    int[] in = new int[call.in().length];
    for (int i = 0; i < in.length; i++) {
      in[i] = call.constants()[i] == null ? numbers[call.in()[i]] : 0;
    }
    return new Call(call.code(), in, call.constants(), numbers[call.out()], call.single());
  }
}
