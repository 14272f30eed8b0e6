import { checkPositive } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { constant } from '../graph/leaves.js';
import type { Value } from '../graph/value.js';
import { add } from './add.js';
import { affine } from './affine.js';
import { checkRunning, type RunningStatistics } from './batch-normalize.js';
import { divide } from './divide.js';
import { multiply } from './multiply.js';
import { scale } from './scale.js';
import { squareRoot } from './square-root.js';

/**
 * Batch normalisation without its affine part, in evaluation: by statistics gathered in training,
 * (x − mean)/√(variance + ε). f32 [rows, features]. @throws UsageError unless ε > 0
 */
export function batchNormalizeWith(
  x: Value,
  running: RunningStatistics,
  options: { readonly epsilon: number },
): Value {
  checkRunning("batchNormalizeWith's running", running);
  checkOptions('batchNormalizeWith', options, { epsilon: checkPositive });
  const { mean, variance } = running;
  const { epsilon } = options;
  const shifted = add(variance, constant(Float32Array.of(epsilon), []));
  const inverse = divide(constant(Float32Array.of(1), []), squareRoot(shifted));
  return affine(x, inverse, scale(multiply(mean, inverse), -1));
}
