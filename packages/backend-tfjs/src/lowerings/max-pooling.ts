import type { Tensor } from '@tensorflow/tfjs-core';
import type { Lowering } from '../lowering.js';
import { done } from '../tensors/done.js';
import { added, holdAdded } from './added.js';
import { Held } from './held.js';
import {
  isEmpty,
  overPatches,
  overPatchesBytes,
  pixelsAt,
  placesOf,
  placeTiles,
  type WindowAttributes,
  windowSizes,
} from './windows.js';

export const maxPooling: Lowering<WindowAttributes> = {
  op: 'maxPooling',
  scratchBytes(node) {
    if (isEmpty(node)) return 0;
    const [batch, , , channels] = node.inputs[0]!.shape as [number, number, number, number];
    const sizes = windowSizes(node, batch, channels);
    return overPatchesBytes(sizes, channels, (held, patches, { count }) => {
      held.make(count * channels).free(patches);
    });
  },
  lower([x], node, context) {
    const { tf } = context;
    if (isEmpty(node)) return [tf.zeros([...node.outputs[0]!.shape])];
    const sizes = windowSizes(node, x!.shape[0]!, x!.shape[3]!);
    const largest = overPatches(x!, sizes, Number.NEGATIVE_INFINITY, context, (patches) => {
      const own = tf.max(patches, 1);
      patches.dispose();
      return own;
    });
    return [largest];
  },
};

/** Which of a window's pixels is the largest is told on the host, where it is the first of equal ones. */
export const maxPoolingGradient: Lowering<WindowAttributes> = {
  op: 'maxPoolingGradient',
  scratchBytes(node) {
    if (isEmpty(node)) return 0;
    const [batch, , , channels] = node.inputs[0]!.shape as [number, number, number, number];
    const sizes = windowSizes(node, batch, channels);
    const all = sizes.pixels * channels;
    const held = new Held();
    for (const tile of placeTiles(sizes)) {
      const own = tile.count * channels;
      held.make(own, own, all).free(own, own);
      holdAdded(held, tile.first > 0, all);
    }
    return 4 * Math.max(0, held.most - all);
  },
  lower([x, dy], node, context) {
    const { tf, read, upload, view } = context;
    const { shape } = node.outputs[0]!;
    if (isEmpty(node)) return [tf.zeros([...shape])];
    const sizes = windowSizes(node, x!.shape[0]!, x!.shape[3]!);
    const { pixels, channels, taken } = sizes;
    const numbers = read(x!);
    let sums: Tensor | undefined;
    for (const tile of placeTiles(sizes)) {
      const taking = pixelsAt(sizes, tile);
      const places = new Int32Array(tile.count * channels);
      for (let at = 0; at < places.length; at++) {
        const channel = at % channels;
        const first = Math.floor(at / channels) * taken;
        let best = -1;
        for (let i = first; i < first + taken; i++) {
          const pixel = taking[i]!;
          if (pixel === pixels) continue;
          const place = pixel * channels + channel;
          if (best < 0 || numbers[place]! > numbers[best]!) best = place;
        }
        places[at] = best;
      }
      const own = placesOf(dy!, tile, sizes, context);
      const indices = upload(places, [places.length, 1]);
      const scattered = tf.scatterND(indices, view(own, [places.length]), [pixels * channels]);
      done(own, indices);
      sums = added(sums, scattered, context);
    }
    return [sums!];
  },
};
