import type { Tensor } from '@tensorflow/tfjs-core';
import type { Lowering } from '../lowering.js';
import { done } from '../tensors/done.js';
import { added, holdAdded } from './added.js';
import { Held } from './held.js';
import { product } from './product.js';
import {
  holdPatches,
  isEmpty,
  patchesOf,
  placesOf,
  placeTiles,
  type WindowAttributes,
  windowSizes,
  withBeyond,
} from './windows.js';

const TRANSPOSED = { transposeA: true };

/** Cotangents of places, transposed, times their patches, a tile at a time. */
export const convolutionWeightGradient: Lowering<WindowAttributes> = {
  op: 'convolutionWeightGradient',
  scratchBytes(node, { transposesFirst }) {
    if (isEmpty(node)) return 0;
    const [x, dy] = node.inputs;
    const [batch, , , channels] = x!.shape as [number, number, number, number];
    const sizes = windowSizes(node, batch, channels);
    const outputs = dy!.shape[3]!;
    const made = outputs * sizes.taken * channels;
    const held = new Held().make((sizes.pixels + 1) * channels);
    for (const tile of placeTiles(sizes)) {
      const patches = holdPatches(held, tile, sizes);
      const own = tile.count * outputs;
      const factors = transposesFirst ? own : 0;
      held.make(own, factors, made).free(own, factors, patches);
      holdAdded(held, tile.first > 0, made);
    }
    return 4 * Math.max(0, held.most - made);
  },
  lower([x, dy], node, context) {
    const { tf, view } = context;
    if (isEmpty(node)) return [tf.zeros([...node.outputs[0]!.shape])];
    const sizes = windowSizes(node, x!.shape[0]!, x!.shape[3]!);
    const images = withBeyond(x!, sizes, 0, context);
    let sums: Tensor | undefined;
    for (const tile of placeTiles(sizes)) {
      const patches = patchesOf(images, tile, sizes, context);
      const own = placesOf(dy!, tile, sizes, context);
      const rows = view(patches, [tile.count, sizes.taken * sizes.channels]);
      const made = product(own, rows, TRANSPOSED, context);
      done(own, patches);
      sums = added(sums, made, context);
    }
    return [sums!];
  },
};
