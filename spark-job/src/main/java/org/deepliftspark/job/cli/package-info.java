/**
 * The command line: one table of options ({@link org.deepliftspark.job.cli.Options}) that the
 * parser, the YAML reader, help and docs share, and one class per command. To add a command, add a
 * {@link org.deepliftspark.job.cli.CommandName} and a {@link org.deepliftspark.job.cli.Command} to
 * {@link org.deepliftspark.job.cli.Main}.
 */
package org.deepliftspark.job.cli;
