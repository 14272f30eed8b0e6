import type { CodeAttributes } from '@sketchgrad/core/backend';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LoweringContext } from '../lowering.js';
import type { NodeOf } from '../node-of.js';

/**
 * Rows of what was quantized, on the host.
 *
 * @param coded codes and what belongs to them
 * @param turned whether the rotation is undone
 * @returns gives `count` rows from `begin` on, to be used up before others are asked for
 * @throws BackendError for ranks outside the rows
 */
export function codedTiles(
  node: NodeOf<CodeAttributes>,
  coded: readonly Tensor[],
  turned: boolean,
  { read, host }: LoweringContext,
): (begin: number, count: number) => Float32Array {
  const inputs = coded.map((tensor) => ({ shape: tensor.shape, data: read(tensor) }));
  return host.reader(node, inputs, turned);
}
