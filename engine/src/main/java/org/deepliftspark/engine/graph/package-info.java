/**
 * A network as plain data: nodes with ops, shapes per example, weights as float arrays.
 *
 * <p>Graphs are immutable, serializable and safe for many threads; they know no rule, no backend
 * and no file format.
 */
package org.deepliftspark.engine.graph;
