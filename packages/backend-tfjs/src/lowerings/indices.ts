import type { Attributes } from '@sketchgrad/core';
import { checkIndices } from '@sketchgrad/core/backend';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LoweringContext } from '../lowering.js';
import type { NodeOf } from '../node-of.js';

/**
 * The first `count` of a node's indices.
 * @throws BackendError for one of them outside [0, rows)
 */
export function usedIndices(
  indices: Tensor,
  node: NodeOf<Attributes>,
  { tf, check }: LoweringContext,
  { count, rows }: { readonly count: number; readonly rows: number },
): Tensor {
  check(indices, `${count} indices of ${rows}`, (data) =>
    checkIndices(node, 'index', data.subarray(0, count), rows),
  );
  return indices.shape[0] === count ? indices : tf.slice(indices, [0], [count]);
}
