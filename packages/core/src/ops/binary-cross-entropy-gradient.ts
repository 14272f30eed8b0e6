import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { expectShape, expectType } from './rules.js';

const build = defineOp({
  name: 'binaryCrossEntropyGradient',
  infer: ([logits, targets, dloss]) => {
    expectType('logits', logits!, 'f32');
    expectType('targets', targets!, 'f32');
    expectShape('targets', targets!, logits!.shape);
    expectShape('dloss', dloss!, []);
    return [logits!];
  },
  // Part of a backward pass; second derivatives are not offered.
  vjp: 'none',
  flops: ([logits]) => 5 * elements(logits!),
  overwrites: [0, 1],
});

/** Cotangent of the logits: (σ(logits) − targets) · dloss / entries. f32, any shape, both equal. */
export const binaryCrossEntropyGradient = (logits: Value, targets: Value, dloss: Value): Value =>
  build([logits, targets, dloss], {})[0]!;
