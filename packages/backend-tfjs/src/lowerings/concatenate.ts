import type { Shape } from '@sketchgrad/core';
import type { Lowering } from '../lowering.js';

const count = (sizes: Shape): number => sizes.reduce((n, size) => n * size, 1);

/** As a matrix of what stands before an axis, and what from it on. */
const matrixAt = (shape: Shape, axis: number): [number, number] => [
  count(shape.slice(0, axis)),
  count(shape.slice(axis)),
];

export const concatenate: Lowering<{ readonly axis: number }> = {
  op: 'concatenate',
  lower(inputs, { attributes: { axis }, outputs: [y] }, { tf, view }) {
    const filled = inputs.filter(({ size }) => size > 0);
    if (filled.length === 0) return [tf.zeros([...y!.shape])];
    if (filled.length === 1) return [tf.clone(filled[0]!)];
    return [
      tf.concat(
        filled.map((x) => view(x, matrixAt(x.shape, axis))),
        1,
      ),
    ];
  },
};

export const slice: Lowering<{
  readonly axis: number;
  readonly begin: number;
  readonly size: number;
}> = {
  op: 'slice',
  lower([x], { attributes: { axis, begin, size }, outputs: [y] }, { tf, view }) {
    const { shape } = x!;
    if (count(y!.shape) === 0) return [tf.zeros([...y!.shape])];
    const [before, behind] = [count(shape.slice(0, axis)), count(shape.slice(axis + 1))];
    const all = view(x!, [before, shape[axis]!, behind]);
    return [tf.slice(all, [0, begin, 0], [before, size, behind])];
  },
};
