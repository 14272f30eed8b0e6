import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { expectShape, expectType } from './rules.js';

const build = defineOp({
  name: 'crossEntropyGradient',
  infer: ([probabilities, labels, dloss]) => {
    expectType('probabilities', probabilities!, 'f32', 2);
    expectShape('labels', labels!, [probabilities!.shape[0]!]);
    expectShape('dloss', dloss!, []);
    return [probabilities!];
  },
  // Part of a backward pass; second derivatives are not offered.
  vjp: 'none',
  flops: ([probabilities]) => 2 * elements(probabilities!),
  overwrites: [0],
});

/** Cotangent of the logits: (probabilities − one-hot(labels)) · dloss / rows. f32 [rows, classes]. */
export const crossEntropyGradient = (probabilities: Value, labels: Value, dloss: Value): Value =>
  build([probabilities, labels, dloss], {})[0]!;
