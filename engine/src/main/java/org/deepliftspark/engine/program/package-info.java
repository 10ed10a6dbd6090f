/**
 * Programs: straight lines of primitive tensor instructions over values with extents, the passes
 * over them and their cost.
 *
 * <p>Plain data without native memory; a program is immutable and safe for many threads.
 */
package org.deepliftspark.engine.program;
