import { elements, gather, reshape, UsageError } from '@sketchgrad/core';
import type { LayerKind } from './kind.js';
import { onlyInput } from './only-input.js';

/** Rows of a table. i32 [batch, ...] → f32 [batch, ..., outputDim]. */
export const embedding: LayerKind = {
  classes: ['Embedding'],
  indices: ({ inputDim }) => inputDim as number,
  trace: (inputs, context) => {
    const indices = onlyInput(inputs, context);
    if (context.config.maskZero === true)
      throw new UsageError(
        `layer '${context.name}' masks zeros (maskZero), which is not supported; leave it out`,
      );
    const table = context.weight('embeddings');
    const rows = gather(table, reshape(indices, [elements(indices)]));
    return reshape(rows, [...indices.shape, table.shape[1]!]);
  },
};
