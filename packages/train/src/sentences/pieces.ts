import type { SentenceShape } from '@sketchgrad/core';
import type { Piece } from './epoch-cut.js';
import type { TrainingData } from './model.js';

/** The examples of a piece; `order` is the data's own unless given. */
export const indicesOf = (order: Uint32Array | undefined, { start, end }: Piece): number[] =>
  Array.from({ length: end - start }, (_, i) => order?.[start + i] ?? start + i);

/** The sizes of a piece's batch, without making it where the data tells lengths. */
export function shapeOf(
  data: TrainingData,
  order: Uint32Array | undefined,
  piece: Piece,
): SentenceShape {
  const indices = indicesOf(order, piece);
  if (!data.sequenceOf) {
    const { batchSize, sequence } = data.batch(indices);
    return { batchSize, sequence };
  }
  let sequence = 0;
  for (const index of indices) sequence = Math.max(sequence, data.sequenceOf(index));
  return { batchSize: indices.length, sequence };
}
