/**
 * Reads ONNX files (opset 7 to 21): parse, fold what depends on constants only, map node by node to
 * a graph without batch axis. Only {@link org.deepliftspark.engine.importer.onnx.OnnxImporter} is
 * meant to be used from outside.
 */
package org.deepliftspark.engine.importer.onnx;
