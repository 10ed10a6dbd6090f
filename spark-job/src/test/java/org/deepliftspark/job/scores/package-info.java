/** Tests of reading scores back, and the score tables that tests of later commands start from. */
package org.deepliftspark.job.scores;
