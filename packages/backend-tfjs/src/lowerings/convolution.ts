import type { Lowering } from '../lowering.js';
import { product, productBytes } from './product.js';
import {
  isEmpty,
  overPatches,
  overPatchesBytes,
  type WindowAttributes,
  windowSizes,
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
    return overPatchesBytes(sizes, outputs, (held, patches, { count }) => {
      const made = count * outputs;
      const factors = productBytes([x!, w!], TRANSPOSED, abilities) / 4;
      held.make(factors, made).free(factors, patches);
      if (b) held.make(made).free(made);
    });
  },
  lower([x, w, b], node, context) {
    const { tf, view } = context;
    const { shape } = node.outputs[0]!;
    if (isEmpty(node)) return [tf.zeros([...shape])];
    const sizes = windowSizes(node, x!.shape[0]!, x!.shape[3]!);
    const made = overPatches(x!, sizes, 0, context, (patches, { count }) => {
      const rows = view(patches, [count, sizes.taken * sizes.channels]);
      const products = product(rows, w!, TRANSPOSED, context);
      patches.dispose();
      if (!b) return products;
      const above = tf.add(products, b);
      products.dispose();
      return above;
    });
    return [made];
  },
};
