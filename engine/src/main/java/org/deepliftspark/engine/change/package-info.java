/**
 * What a change of a few positions of an input does to a network. Layers that look at neighbours
 * only pass it on to a window of their output; so one forward pass of the row and, for each change,
 * the windows alone give what the network says of all changed rows.
 *
 * <p>{@link org.deepliftspark.engine.change.Reach} says how far a change reaches, {@link
 * org.deepliftspark.engine.change.ChangePlan} makes programs of it, a {@link
 * org.deepliftspark.engine.change.ChangeNetwork} holds them ready on a backend for all threads, and
 * each thread asks a {@link org.deepliftspark.engine.change.ChangeSession}.
 */
package org.deepliftspark.engine.change;
