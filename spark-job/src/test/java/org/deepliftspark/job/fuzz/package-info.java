/**
 * Hostile input: files mutated by a seed go through every parser, and each must end in a result or
 * in one of the project's own exceptions, within bounds of time and memory. {@code
 * docs/robustness.md} tells what was found.
 */
package org.deepliftspark.job.fuzz;
