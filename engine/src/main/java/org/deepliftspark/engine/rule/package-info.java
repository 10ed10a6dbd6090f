/**
 * Rules turn a graph into a program: they know the mathematics of DeepLIFT and no machine.
 *
 * <p>Rules are stateless and safe for many threads. {@link
 * org.deepliftspark.engine.rule.ProgramCompiler} is the way in; to give an op a rule, see {@link
 * org.deepliftspark.engine.rule.RuleBook}.
 */
package org.deepliftspark.engine.rule;
