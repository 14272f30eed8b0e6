import { ShapeError } from '../errors.js';
import { defineOp } from '../graph/op.js';
import { elements, type TensorType } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { expectShape, expectType } from './rules.js';
import { sequenceSizes } from './sequences.js';

const build = defineOp({
  name: 'binaryCrossEntropyGradient',
  infer: ([logits, targets, dloss, starts]) => {
    expectType('logits', logits!, 'f32');
    expectType('targets', targets!, 'f32');
    expectShape('targets', targets!, logits!.shape);
    expectShape('dloss', dloss!, []);
    if (starts) sequenceSizes(rowsOfEntries(logits!), starts);
    return [logits!];
  },
  // Part of a backward pass; second derivatives are not offered.
  vjp: 'none',
  flops: ([logits]) => 5 * elements(logits!),
  overwrites: [0, 1],
});

/** The first axis. @throws ShapeError for a single number, which has none */
export function rowsOfEntries({ shape }: TensorType): number {
  if (shape.length > 0) return shape[0]!;
  throw new ShapeError('starts tell rows apart, of which a tensor of rank 0 has none');
}

/**
 * Cotangent of the logits: (σ(logits) − targets) · dloss / entries, where `starts` are given of the rows
 * that are somebody's, and zeros in the others. f32, any shape, both equal.
 */
export const binaryCrossEntropyGradient = (
  logits: Value,
  targets: Value,
  dloss: Value,
  starts?: Value,
): Value => build([logits, targets, dloss, ...(starts === undefined ? [] : [starts])], {})[0]!;
