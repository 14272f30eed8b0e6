import { type CodeAttributes, codedRows } from '@sketchgrad/core/backend';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LoweringContext, NodeOf } from '../lowering.js';

/**
 * Rows of what was quantized, still rotated, on the host.
 *
 * @param coded codes and what belongs to them
 * @returns puts `count` rows from `begin` on into `to`
 * @throws BackendError for ranks outside the rows
 */
export function codedTiles(
  node: NodeOf<CodeAttributes>,
  coded: readonly Tensor[],
  { read }: LoweringContext,
): (begin: number, count: number, to: Float32Array) => void {
  const inputs = coded.map((tensor) => ({ shape: tensor.shape, data: read(tensor) }));
  const { features } = node.attributes;
  const rowOf = codedRows({ node, attributes: node.attributes }, inputs);
  return (begin, count, to) => {
    for (let row = 0; row < count; row++) to.set(rowOf(begin + row), row * features);
  };
}
