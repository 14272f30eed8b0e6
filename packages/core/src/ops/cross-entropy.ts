import { ShapeError } from '../errors.js';
import { defineOp } from '../graph/op.js';
import { elements, f32 } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { crossEntropyGradient } from './cross-entropy-gradient.js';
import { expectShape, expectType } from './rules.js';
import { sequenceSizes } from './sequences.js';

const build = defineOp({
  name: 'crossEntropy',
  infer: ([logits, labels, starts]) => {
    expectType('logits', logits!, 'f32', 2);
    expectType('labels', labels!, 'i32', 1);
    if (elements(logits!) === 0)
      throw new ShapeError('the mean needs at least one row and one class');
    expectShape('labels', labels!, [logits!.shape[0]!]);
    if (starts) sequenceSizes(logits!.shape[0]!, starts);
    return [f32(), logits!];
  },
  vjp: ([, labels, starts], [, probabilities], [dloss]) => [
    dloss && crossEntropyGradient(probabilities!, labels!, dloss, starts),
    undefined,
    undefined,
  ],
  flops: ([logits]) => 6 * elements(logits!),
});

/**
 * The mean over the rows of −log softmax(logits)[label].
 *
 * @param logits f32 [rows, classes]
 * @param labels i32 [rows]; a run fails with a BackendError for a label outside [0, classes)
 * @param starts where the last sequence ends, i32 [examples + 1]: the mean is over the rows before that,
 * and what the others hold changes nothing. All rows unless given; a run fails with a BackendError
 * where it is not within [1, rows]
 * @returns the loss, f32 [], and the probabilities, f32 [rows, classes], zeros in rows that are
 * nobody's, through which no gradient flows
 */
export function crossEntropy(
  logits: Value,
  labels: Value,
  starts?: Value,
): [loss: Value, probabilities: Value] {
  const [loss, probabilities] = build(
    [logits, labels, ...(starts === undefined ? [] : [starts])],
    {},
  );
  return [loss!, probabilities!];
}
