/**
 * Files read at any place: what {@code .npy} arrays and genomes are read from, on any file system
 * that can seek. Safe for many threads where its methods say so.
 */
package org.deepliftspark.engine.bytes;
