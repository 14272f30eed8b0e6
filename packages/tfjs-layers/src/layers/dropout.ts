import { UsageError } from '@sketchgrad/core';
import type { LayerKind } from './kind.js';
import { onlyInput } from './only-input.js';

/** Zeroes each element with probability `rate` in training. f32, any shape. */
export const dropout: LayerKind = {
  classes: ['Dropout'],
  trace: (inputs, context) => {
    const { name, config } = context;
    if (config.noiseShape !== undefined && config.noiseShape !== null)
      throw new UsageError(
        `layer '${name}' has a noiseShape, which is not supported; leave it out`,
      );
    return context.dropout(onlyInput(inputs, context), config.rate as number);
  },
};
