import type { Tensor } from '@tensorflow/tfjs-core';
import type { Lowering } from '../lowering.js';
import { Held } from './held.js';
import {
  holdScattered,
  isEmpty,
  placesOf,
  placeTiles,
  type WindowAttributes,
  windowSizes,
  withoutBeyond,
  withPatches,
} from './windows.js';

/** Cotangents of patches, a tile at a time, each added to where it was taken. */
export const convolutionInputGradient: Lowering<WindowAttributes> = {
  op: 'convolutionInputGradient',
  scratchBytes(node) {
    if (isEmpty(node)) return 0;
    const [dy, w] = node.inputs;
    const [batch, , , outputs] = dy!.shape as [number, number, number, number];
    const sizes = windowSizes(node, batch, node.outputs[0]!.shape[3]!);
    const width = w!.shape[1]!;
    const held = new Held();
    for (const tile of placeTiles(sizes)) {
      const own = tile.count * outputs;
      held.make(own, tile.count * width).free(own);
      holdScattered(held, tile, sizes);
    }
    const all = sizes.pixels * sizes.channels;
    held.make(all);
    return 4 * Math.max(0, held.most - all);
  },
  lower([dy, w], node, context) {
    const { tf } = context;
    const { shape } = node.outputs[0]!;
    if (isEmpty(node)) return [tf.zeros([...shape])];
    const sizes = windowSizes(node, dy!.shape[0]!, shape[3]!);
    let sums: Tensor | undefined;
    for (const tile of placeTiles(sizes)) {
      const own = placesOf(dy!, tile, sizes, context);
      const patches = tf.matMul(own, w!);
      own.dispose();
      sums = withPatches(sums, patches, [tile, sizes], context);
    }
    return [withoutBeyond(sums!, sizes, context)];
  },
};
