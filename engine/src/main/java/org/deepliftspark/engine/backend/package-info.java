/**
 * Runs programs: the interface that every backend implements, and the choice among those on the
 * class path. A backend is found through {@link java.util.ServiceLoader}, so that a new one needs
 * no change here.
 */
package org.deepliftspark.engine.backend;
