/**
 * The references (Captum: baselines) that inputs are compared with: zeros, background frequencies,
 * shuffles of the row, given arrays. A shuffled reference depends on (job seed, row id, index of
 * the reference) and the row itself, on nothing else.
 */
package org.deepliftspark.engine.reference;
