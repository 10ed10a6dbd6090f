/**
 * The reference backend: programs on ND4J arrays, in float or double, on whatever ND4J backend is
 * on the class path. It is obvious before it is fast, and the only package that knows ND4J.
 */
package org.deepliftspark.engine.backend.nd4j;
