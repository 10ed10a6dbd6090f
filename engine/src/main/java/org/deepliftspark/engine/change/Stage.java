package org.deepliftspark.engine.change;

import java.util.List;
import org.deepliftspark.engine.program.Program;

/**
 * A part of the network, computed for windows: its nodes' windows lie alike.
 *
 * @param program its inputs are the feeds, its outputs the windows of {@code windows}, then the
 *     windows' {@code summaries}
 * @param at id of a node that says where the windows lie
 * @param feeds what it reads
 * @param windows ids of the nodes whose windows are read later
 * @param summaries of windows of its nodes
 */
record Stage(
    Program program, int at, List<Feed> feeds, List<Integer> windows, List<Summary> summaries) {}
