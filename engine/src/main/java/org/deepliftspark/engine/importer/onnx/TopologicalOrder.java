package org.deepliftspark.engine.importer.onnx;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deepliftspark.engine.ModelFormatException;

/**
 * Orders the nodes that some tensors depend on. Keeps its own stack: a file may be deeper than
 * Java's.
 */
final class TopologicalOrder {
  private final String file;
  private final Map<String, OnnxNode> producers;
  private final Set<String> known;
  private final Map<OnnxNode, Boolean> finished = new IdentityHashMap<>();
  private final List<OnnxNode> order = new ArrayList<>();

  private TopologicalOrder(String file, Map<String, OnnxNode> producers, Set<String> known) {
    this.file = file;
    this.producers = producers;
    this.known = known;
  }

  /**
   * @param known tensors that no node needs to compute
   * @throws ModelFormatException if a tensor is neither known nor computed, or depends on itself
   */
  static List<OnnxNode> of(
      String file, List<String> wanted, Map<String, OnnxNode> producers, Set<String> known) {
    TopologicalOrder search = new TopologicalOrder(file, producers, known);
    for (String output : wanted) {
      if (!known.contains(output)) {
        OnnxNode producer = producers.get(output);
        if (producer == null) {
          throw new ModelFormatException(
              "Invalid graph in " + file + ": no node computes its output '" + output + "'");
        }
        search.visit(producer);
      }
    }
    return search.order;
  }

  private void visit(OnnxNode root) {
    Deque<OnnxNode> stack = new ArrayDeque<>();
    Deque<Integer> nextInput = new ArrayDeque<>();
    if (!finished.containsKey(root)) {
      finished.put(root, false);
      stack.push(root);
      nextInput.push(0);
    }
    while (!stack.isEmpty()) {
      OnnxNode node = stack.peek();
      int i = nextInput.pop();
      if (i == node.inputs().size()) {
        stack.pop();
        finished.put(node, true);
        order.add(node);
        continue;
      }
      nextInput.push(i + 1);
      OnnxNode producer = producerOf(node, node.inputs().get(i));
      if (producer != null && !finished.containsKey(producer)) {
        finished.put(producer, false);
        stack.push(producer);
        nextInput.push(0);
      } else if (producer != null && !finished.get(producer)) {
        throw new ModelFormatException(
            "Invalid node " + producer.label() + " in " + file + ": it depends on its own output");
      }
    }
  }

  private OnnxNode producerOf(OnnxNode node, String tensor) {
    if (tensor.isEmpty() || known.contains(tensor)) {
      return null;
    }
    OnnxNode producer = producers.get(tensor);
    if (producer == null) {
      throw new ModelFormatException(
          "Invalid node "
              + node.label()
              + " in "
              + file
              + ": its input '"
              + tensor
              + "' is neither an input, an initializer nor computed by a node");
    }
    return producer;
  }
}
