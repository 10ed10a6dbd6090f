/**
 * NumPy's {@code .npy} arrays, read and written without NumPy or ND4J. A file's header is checked
 * against its length before anything is allocated; big files are read and written in slabs of the
 * first axis.
 */
package org.deepliftspark.engine.npy;
