import {
  affine,
  batchNormalize,
  batchNormalizeWith,
  parameter,
  persistent,
  type Value,
} from '@sketchgrad/core';
import type { GraphPass } from './pass.js';

/** PyTorch's, as is the share of 0.1 that a step has in the running statistics. */
const EPSILON = 1e-5;

/**
 * Batch normalisation over the nodes that there are, with their own statistics in training and the running ones
 * else. f32 [nodes, features] → the same; parameters `name.weight` and `name.bias`, statistics
 * `name.running_mean` and `name.running_var`, [features].
 */
export function graphBatchNorm(x: Value, name: string, { training, usedNodes }: GraphPass): Value {
  const shape = [x.shape[1]!];
  const running = {
    mean: persistent(`${name}.running_mean`, shape, 'statistic'),
    variance: persistent(`${name}.running_var`, shape, 'statistic'),
  };
  const normalized = training
    ? batchNormalize(x, {
        ...{ epsilon: EPSILON, running },
        ...(usedNodes && { starts: usedNodes }),
      })
    : batchNormalizeWith(x, running, { epsilon: EPSILON });
  return affine(normalized, parameter(`${name}.weight`, shape), parameter(`${name}.bias`, shape));
}
