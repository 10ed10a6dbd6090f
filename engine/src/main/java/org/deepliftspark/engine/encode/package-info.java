/**
 * From sequences to the numbers a network reads, and back: the DNA alphabet, one-hot arrays, FASTA
 * records. Nothing here knows Spark; a row that cannot be encoded comes back with its reason, it is
 * no exception.
 */
package org.deepliftspark.engine.encode;
