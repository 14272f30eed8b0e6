import type { Tensor } from '@tensorflow/tfjs-core';
import type { Lowering } from '../lowering.js';
import { Held } from './held.js';
import { product, productBytes } from './product.js';
import {
  holdPatches,
  holdTogether,
  isEmpty,
  patchesOf,
  placeTiles,
  putTogether,
  type WindowAttributes,
  windowSizes,
  withBeyond,
} from './windows.js';

const TRANSPOSED = { transposeB: true };

/** Patches, a tile at a time, times weights. */
export const convolution: Lowering<WindowAttributes> = {
  op: 'convolution',
  scratchBytes(node, abilities) {
    if (isEmpty(node)) return 0;
    const [x, w, b] = node.inputs;
    const [batch, , , channels] = x!.shape as [number, number, number, number];
    const sizes = windowSizes(node, batch, channels);
    const outputs = w!.shape[0]!;
    const images = (sizes.pixels + 1) * channels;
    const tiles = placeTiles(sizes);
    const held = new Held().make(images);
    for (const tile of tiles) {
      const patches = holdPatches(held, tile, sizes);
      const made = tile.count * outputs;
      const factors = productBytes([x!, w!], TRANSPOSED, abilities) / 4;
      held.make(factors, made).free(factors, patches);
      if (b) held.make(made).free(made);
    }
    const all = sizes.places * outputs;
    holdTogether(held.free(images), tiles.length, all);
    return 4 * Math.max(0, held.most - all);
  },
  lower([x, w, b], node, context) {
    const { tf, view } = context;
    const { shape } = node.outputs[0]!;
    if (isEmpty(node)) return [tf.zeros([...shape])];
    const sizes = windowSizes(node, x!.shape[0]!, x!.shape[3]!);
    const images = withBeyond(x!, sizes, 0, context);
    const made = placeTiles(sizes).map((tile): Tensor => {
      const patches = patchesOf(images, tile, sizes, context);
      const rows = view(patches, [tile.count, sizes.taken * sizes.channels]);
      const products = product(rows, w!, TRANSPOSED, context);
      patches.dispose();
      if (!b) return products;
      const above = tf.add(products, b);
      products.dispose();
      return above;
    });
    images.dispose();
    return [putTogether(made, context)];
  },
};
