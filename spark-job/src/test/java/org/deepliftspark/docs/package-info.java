/** Checks that the docs show what was run. Nothing here is for use from outside. */
package org.deepliftspark.docs;
