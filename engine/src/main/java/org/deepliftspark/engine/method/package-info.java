/**
 * Methods that ask a network for predictions or gradients at points of their own: occlusion,
 * in-silico mutagenesis, Shapley sampling, SmoothGrad, expected gradients. Each is a {@link
 * org.deepliftspark.engine.method.PointMethod} that says at which points and what follows from the
 * answers; it knows no backend. Points of several rows share the calls of a backend.
 */
package org.deepliftspark.engine.method;
