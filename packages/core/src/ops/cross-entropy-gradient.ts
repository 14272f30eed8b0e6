import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { expectShape, expectType } from './rules.js';
import { sequenceSizes } from './sequences.js';

const build = defineOp({
  name: 'crossEntropyGradient',
  infer: ([probabilities, labels, dloss, starts]) => {
    expectType('probabilities', probabilities!, 'f32', 2);
    expectShape('labels', labels!, [probabilities!.shape[0]!]);
    expectShape('dloss', dloss!, []);
    if (starts) sequenceSizes(probabilities!.shape[0]!, starts);
    return [probabilities!];
  },
  // Part of a backward pass; second derivatives are not offered.
  vjp: 'none',
  flops: ([probabilities]) => 2 * elements(probabilities!),
  overwrites: [0],
});

/**
 * Cotangent of the logits: (probabilities − one-hot(labels)) · dloss / rows, where `starts` are given of
 * the rows that are somebody's, and zeros in the others. f32 [rows, classes].
 */
export const crossEntropyGradient = (
  probabilities: Value,
  labels: Value,
  dloss: Value,
  starts?: Value,
): Value =>
  build([probabilities, labels, dloss, ...(starts === undefined ? [] : [starts])], {})[0]!;
