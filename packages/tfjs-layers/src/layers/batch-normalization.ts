import { batchNormalize, batchNormalizeWith } from '@sketchgrad/core';
import type { LayerKind } from './kind.js';
import { expectLastAxis, scaledAndMoved } from './layer-normalization.js';
import { onlyInput } from './only-input.js';
import { asRows, rowsAs } from './rows.js';

/**
 * Normalisation of each feature, the last axis, over all others: with the batch's statistics in training, and
 * the moving ones else. f32 [..., n] → the same.
 */
export const batchNormalization: LayerKind = {
  classes: ['BatchNormalization'],
  trace: (inputs, context) => {
    const x = onlyInput(inputs, context);
    const { config, training } = context;
    expectLastAxis(context, x.shape.length);
    const epsilon = config.epsilon as number;
    const running = {
      mean: context.weight('moving_mean'),
      variance: context.weight('moving_variance'),
    };
    const normalized = training
      ? batchNormalize(asRows(x), {
          ...{ epsilon, running, momentum: 1 - (config.momentum as number) },
          variance: 'population',
        })
      : batchNormalizeWith(asRows(x), running, { epsilon });
    return rowsAs(scaledAndMoved(normalized, context), x.shape);
  },
};
