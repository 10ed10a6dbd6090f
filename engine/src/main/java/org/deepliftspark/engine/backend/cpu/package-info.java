/**
 * Own kernels on the CPU, over OpenBLAS. So far it measures what the machine's BLAS reaches, by
 * which benchmarks judge every backend.
 */
package org.deepliftspark.engine.backend.cpu;
