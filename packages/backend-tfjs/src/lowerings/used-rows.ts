import type { Attributes, TensorData } from '@sketchgrad/core';
import { usedRows } from '@sketchgrad/core/backend';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LoweringContext } from '../lowering.js';
import type { NodeOf } from '../node-of.js';

/** How many rows are somebody's: all where nothing says where sequences begin. @throws BackendError */
export const rowsInUse = (
  node: NodeOf<Attributes>,
  starts: Tensor | undefined,
  { all, least }: { readonly all: number; readonly least: number },
  { read }: LoweringContext,
): number => usedRows(node, starts && (read(starts) as TensorData), all, least);

/** The first rows of a tensor: itself where that is all of them. */
export const firstRows = (x: Tensor, rows: number, { tf }: LoweringContext): Tensor =>
  rows === x.shape[0]
    ? x
    : tf.slice(
        x,
        x.shape.map(() => 0),
        [rows, ...x.shape.slice(1)],
      );

/** A tensor with rows of zeros behind it: itself where it has so many already. What it is made of is disposed of. */
export function withZerosBehind(x: Tensor, rows: number, { tf }: LoweringContext): Tensor {
  const missing = rows - x.shape[0]!;
  if (missing === 0) return x;
  const padded = tf.pad(
    x,
    x.shape.map((_, axis): [number, number] => [0, axis === 0 ? missing : 0]),
  );
  x.dispose();
  return padded;
}
