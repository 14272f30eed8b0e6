import type { Tensor } from '@tensorflow/tfjs-core';
import type { Lowering, LoweringContext } from '../lowering.js';
import { Held } from './held.js';
import {
  holdPatches,
  holdScattered,
  holdTogether,
  isEmpty,
  type PlaceTile,
  patchesOf,
  pixelsAt,
  placesOf,
  placeTiles,
  putTogether,
  type WindowAttributes,
  type WindowSizes,
  windowSizes,
  withBeyond,
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
    const images = (sizes.pixels + 1) * channels;
    const tiles = placeTiles(sizes);
    const held = new Held().make(images);
    for (const tile of tiles) {
      const patches = holdPatches(held, tile, sizes);
      const made = tile.count * channels;
      held.make(made).free(patches).make(tile.count, made).free(tile.count, made);
    }
    holdTogether(held.free(images), tiles.length, sizes.places * channels);
    return 4 * Math.max(0, held.most - sizes.places * channels);
  },
  lower([x], node, context) {
    const { tf } = context;
    if (isEmpty(node)) return [tf.zeros([...node.outputs[0]!.shape])];
    const sizes = windowSizes(node, x!.shape[0]!, x!.shape[3]!);
    const images = withBeyond(x!, sizes, 0, context);
    const made = placeTiles(sizes).map((tile) => {
      const patches = patchesOf(images, tile, sizes, context);
      const sums = tf.sum(patches, 1);
      patches.dispose();
      const counts = countsOf(tile, sizes, context);
      const means = tf.div(sums, counts);
      for (const used of [sums, counts]) used.dispose();
      return means;
    });
    images.dispose();
    return [putTogether(made, context)];
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
      for (const used of [own, counts]) used.dispose();
      const patches = tf.tile(view(each, [tile.count, 1, sizes.channels]), [1, sizes.taken, 1]);
      each.dispose();
      sums = withPatches(sums, patches, [tile, sizes], context);
    }
    return [withoutBeyond(sums!, sizes, context)];
  },
};
