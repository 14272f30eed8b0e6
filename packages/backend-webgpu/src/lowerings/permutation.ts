import * as kernels from '../kernels/permutation/kernel.js';
import { dispatch, type Lowering } from '../lowering.js';

export const permutation: Lowering<{
  readonly rows: number;
  readonly segments: number;
  readonly stream: number;
}> = {
  op: 'permutation',
  scratch: ({ attributes: { rows, segments } }) => [
    rows <= kernels.OWN_ROWS ? 0 : 4 * rows * segments,
  ],
  lower: ({ inputs: [key], outputs: [order], attributes }, { scratch: [swaps] }) => {
    const { rows, segments, stream } = attributes;
    return [
      dispatch(kernels.permutation, {
        operands: { key, swaps, order },
        uniforms: { stream, rows },
        groups: rows === 0 ? 0 : segments,
      }),
    ];
  },
};
