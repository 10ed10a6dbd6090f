/**
 * Keras models to graphs: legacy HDF5 files of Keras 1.2 to 3, JSON with weights, and Keras 3
 * archives. Stateless and safe for many threads; only {@link
 * org.deepliftspark.engine.importer.keras.KerasImporter} is public.
 */
package org.deepliftspark.engine.importer.keras;
