package org.deepliftspark.engine.backend.cpu;

import java.util.List;

/**
 * One element-wise instruction over cells of one layout.
 *
 * @param code a {@link org.deepliftspark.engine.program.UnaryOp}, a {@link
 *     org.deepliftspark.engine.program.BinaryOp} or {@link Tiles#SELECT}
 * @param operands in the order of the instruction
 * @param out result
 */
record TileOperation(Object code, List<TileOperand> operands, Cell out) {}
