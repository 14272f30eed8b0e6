import { ShapeError } from '../errors.js';
import { defineOp } from '../graph/op.js';
import { elements, f32 } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { binaryCrossEntropyGradient, rowsOfEntries } from './binary-cross-entropy-gradient.js';
import { expectShape, expectType } from './rules.js';
import { sequenceSizes } from './sequences.js';

const build = defineOp({
  name: 'binaryCrossEntropy',
  infer: ([logits, targets, starts]) => {
    expectType('logits', logits!, 'f32');
    expectType('targets', targets!, 'f32');
    expectShape('targets', targets!, logits!.shape);
    if (elements(logits!) === 0) throw new ShapeError('the mean needs at least one entry');
    if (starts) sequenceSizes(rowsOfEntries(logits!), starts);
    return [f32()];
  },
  vjp: ([logits, targets, starts], _, [dloss]) => [
    dloss && binaryCrossEntropyGradient(logits!, targets!, dloss, starts),
    undefined,
    undefined,
  ],
  flops: ([logits]) => 8 * elements(logits!),
});

/**
 * The mean over all entries of −t · ln σ(z) − (1 − t) · ln(1 − σ(z)), as max(z, 0) − z · t +
 * ln(1 + e^−|z|), which neither overflows nor cancels. For rows that carry several labels each;
 * rows are chosen by gathering both first.
 *
 * @param logits z, f32, any shape but an empty one
 * @param targets t in [0, 1], f32 of the same shape; no gradient flows to them
 * @param starts where the last sequence ends, i32 [examples + 1]: the mean is over the rows, of the
 * first axis, before that, and what the others hold changes nothing. All rows unless given; a run fails
 * with a BackendError where it is not within [1, rows]
 * @returns f32 []
 */
export const binaryCrossEntropy = (logits: Value, targets: Value, starts?: Value): Value =>
  build([logits, targets, ...(starts === undefined ? [] : [starts])], {})[0]!;
