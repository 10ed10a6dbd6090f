/**
 * The engine's door: {@link org.deepliftspark.engine.DeepLift} explains a network's predictions by
 * DeepLIFT, from any JVM program.
 *
 * <p>It knows nothing of Spark. Everything the user can mend is thrown as {@link
 * org.deepliftspark.engine.DeepLiftException}.
 */
package org.deepliftspark.engine;
