import { UsageError } from '../errors.js';
import { constant } from '../graph/trace.js';
import type { Value } from '../graph/value.js';
import { add } from './add.js';
import { affine } from './affine.js';
import type { RunningStatistics } from './batch-normalize.js';
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
  { mean, variance }: RunningStatistics,
  { epsilon }: { readonly epsilon: number },
): Value {
  if (!(epsilon > 0)) throw new UsageError(`batchNormalizeWith needs epsilon > 0, not ${epsilon}`);
  const shifted = add(variance, constant(Float32Array.of(epsilon), []));
  const inverse = divide(constant(Float32Array.of(1), []), squareRoot(shifted));
  return affine(x, inverse, scale(multiply(mean, inverse), -1));
}
