import { type Shape, sameShape } from '../graph/types.js';
import type { ReferenceKernel } from './kernel.js';

/** A kernel that applies `compute` to each element of its one input. */
export const elementWise = (op: string, compute: (x: number) => number): ReferenceKernel => ({
  op,
  run({ inputs: [x], outputs: [y] }) {
    for (let i = 0; i < y!.data.length; i++) y!.data[i] = compute(x!.data[i]!);
  },
});

/** A kernel that applies `compute` to the elements of two inputs, which broadcast. */
export const elementWisePair = (
  op: string,
  compute: (a: number, b: number) => number,
): ReferenceKernel => ({
  op,
  run({ inputs: [a, b], outputs: [y] }) {
    const fromA = broadcastIndices(a!.shape, y!.shape);
    const fromB = broadcastIndices(b!.shape, y!.shape);
    for (let i = 0; i < y!.data.length; i++)
      y!.data[i] = compute(a!.data[fromA ? fromA[i]! : i]!, b!.data[fromB ? fromB[i]! : i]!);
  },
});

/**
 * For each element of a tensor of shape `to`, which element of one of shape `from` stands there
 * when that is broadcast; undefined when the shapes are equal and each stands for itself.
 */
export function broadcastIndices(from: Shape, to: Shape): Int32Array | undefined {
  if (sameShape(from, to)) return undefined;
  const indices = new Int32Array(to.reduce((count, size) => count * size, 1));
  const missing = to.length - from.length;
  let inner = 1;
  let stride = 1;
  for (let axis = to.length - 1; axis >= missing; axis--) {
    const size = to[axis]!;
    if (from[axis - missing] !== 1) {
      for (let i = 0; i < indices.length; i++)
        indices[i]! += (Math.floor(i / inner) % size) * stride;
      stride *= size;
    }
    inner *= size;
  }
  return indices;
}
