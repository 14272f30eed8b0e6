import { elements } from '@sketchgrad/core';
import type { Lowering } from '../lowering.js';

export const broadcastTo: Lowering = {
  op: 'broadcastTo',
  lower([x], { outputs: [y] }, { tf, view }) {
    const { shape } = y!;
    if (elements(y!) === 0) return [tf.zeros([...shape])];
    const missing = shape.length - x!.rank;
    const from = [...shape.slice(0, missing).map(() => 1), ...x!.shape];
    return [
      tf.tile(
        view(x!, from),
        shape.map((size, axis) => size / from[axis]!),
      ),
    ];
  },
};
