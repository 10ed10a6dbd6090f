/**
 * Model files to graphs. Importers run no code from a model and check every size in a file against
 * the file.
 *
 * <p>Stateless and safe for many threads.
 */
package org.deepliftspark.engine.importer;
