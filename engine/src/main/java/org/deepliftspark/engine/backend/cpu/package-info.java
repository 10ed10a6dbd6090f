/**
 * Own kernels on the CPU, over OpenBLAS: a program becomes loops over rows, references and targets
 * with kernels in them ({@link org.deepliftspark.engine.backend.cpu.Plan}). Products of matrices
 * are OpenBLAS's, one thread per call; everything else is plain Java over small arrays on the heap.
 * All values lie in native buffers of one thread, weights and what is the same for all rows in
 * those of all. The only public types are the backend, and what measures how fast the machine's
 * BLAS is.
 */
package org.deepliftspark.engine.backend.cpu;
