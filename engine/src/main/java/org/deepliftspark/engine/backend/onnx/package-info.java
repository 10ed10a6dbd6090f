/**
 * Programs as ONNX graphs on ONNX Runtime: fast on CPUs without kernels of our own, the same graph
 * for other machines.
 *
 * <p>Executables are safe for many threads: all share one session, each with a workspace of its
 * own.
 */
package org.deepliftspark.engine.backend.onnx;
