/** Tests of exports: files are read back by readers that share no code with the writers. */
package org.deepliftspark.job.export;
