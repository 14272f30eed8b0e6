import type { Tensor } from '@tensorflow/tfjs-core';
import type { Lowering, LoweringContext } from '../lowering.js';
import { done } from '../tensors/done.js';
import { Held } from './held.js';
import {
  holdScattered,
  isEmpty,
  overPatches,
  overPatchesBytes,
  type PlaceTile,
  pixelsAt,
  placesOf,
  placeTiles,
  type WindowAttributes,
  type WindowSizes,
  windowSizes,
  withoutBeyond,
  withPatches,
} from './windows.js';

/** How many pixels of an image each window of a tile has. [count, 1] */
function countsOf(tile: PlaceTile, sizes: WindowSizes, { upload }: LoweringContext): Tensor {
  const counts = new Float32Array(tile.count);
  for (const [i, pixel] of pixelsAt(sizes, tile).entries())
    if (pixel < sizes.pixels) counts[Math.floor(i / sizes.taken)]!++;
  return upload(counts, [tile.count, 1]);
}

export const averagePooling: Lowering<WindowAttributes> = {
  op: 'averagePooling',
  scratchBytes(node) {
    if (isEmpty(node)) return 0;
    const [batch, , , channels] = node.inputs[0]!.shape as [number, number, number, number];
    const sizes = windowSizes(node, batch, channels);
    return overPatchesBytes(sizes, channels, (held, patches, { count }) => {
      const made = count * channels;
      held.make(made).free(patches).make(count, made).free(count, made);
    });
  },
  lower([x], node, context) {
    const { tf } = context;
    if (isEmpty(node)) return [tf.zeros([...node.outputs[0]!.shape])];
    const sizes = windowSizes(node, x!.shape[0]!, x!.shape[3]!);
    const means = overPatches(x!, sizes, 0, context, (patches, tile) => {
      const sums = tf.sum(patches, 1);
      patches.dispose();
      const counts = countsOf(tile, sizes, context);
      const shares = tf.div(sums, counts);
      done(sums, counts);
      return shares;
    });
    return [means];
  },
};

export const averagePoolingGradient: Lowering<WindowAttributes> = {
  op: 'averagePoolingGradient',
  scratchBytes(node) {
    if (isEmpty(node)) return 0;
    const [batch, , , channels] = node.inputs[0]!.shape as [number, number, number, number];
    const sizes = windowSizes(node, batch, channels);
    const held = new Held();
    for (const tile of placeTiles(sizes)) {
      const own = tile.count * channels;
      held.make(own, tile.count, own).free(own, tile.count);
      held.make(own * sizes.taken).free(own);
      holdScattered(held, tile, sizes);
    }
    const all = sizes.pixels * channels;
    held.make(all);
    return 4 * Math.max(0, held.most - all);
  },
  lower([dy], node, context) {
    const { tf, view } = context;
    const { shape } = node.outputs[0]!;
    if (isEmpty(node)) return [tf.zeros([...shape])];
    const sizes = windowSizes(node, dy!.shape[0]!, shape[3]!);
    let sums: Tensor | undefined;
    for (const tile of placeTiles(sizes)) {
      const own = placesOf(dy!, tile, sizes, context);
      const counts = countsOf(tile, sizes, context);
      const each = tf.div(own, counts);
      done(own, counts);
      const patches = tf.tile(view(each, [tile.count, 1, sizes.channels]), [1, sizes.taken, 1]);
      each.dispose();
      sums = withPatches(sums, patches, [tile, sizes], context);
    }
    return [withoutBeyond(sums!, sizes, context)];
  },
};
