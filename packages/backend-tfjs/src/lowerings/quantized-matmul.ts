import { elements } from '@sketchgrad/core';
import type { CodeAttributes } from '@sketchgrad/core/backend';
import type { Tensor } from '@tensorflow/tfjs-core';
import { bytesOf, type Lowering } from '../lowering.js';
import { added } from './added.js';
import { codedTiles } from './coded-tile.js';
import { tileRows, tilesOf } from './tiles.js';

/** Numbers of a tile that are multiplied at once, 4 MiB: of more tiles, more sums are to be added. */
export const PRODUCT_TILE = 2 ** 20;

/** A tile of rows at a time is read of its codes and multiplied. */
export const quantizedMatmul: Lowering<CodeAttributes> = {
  op: 'quantizedMatmul',
  scratchBytes({ inputs: [y], outputs: [product], attributes: { features } }) {
    const [rows, outputs] = y!.shape as [number, number];
    if (rows === 0 || elements(product!) === 0) return 0;
    const each = tileRows(features, PRODUCT_TILE);
    if (rows <= each) return 4 * rows * features;
    return Math.max(4 * each * (features + outputs) + bytesOf(product!), 2 * bytesOf(product!));
  },
  lower([y, ...coded], node, context) {
    const { tf, upload } = context;
    const { features } = node.attributes;
    const [rows, outputs] = y!.shape as [number, number];
    const rowsAt = codedTiles(node, coded, false, context);
    if (rows * outputs * features === 0) return [tf.zeros([outputs, features])];
    let sum: Tensor | undefined;
    for (const [begin, count] of tilesOf(rows, features, PRODUCT_TILE)) {
      const x = upload(rowsAt(begin, count), [count, features]);
      const of = count === rows ? y! : tf.slice(y!, [begin, 0], [count, outputs]);
      const product: Tensor = tf.matMul(of, x, true, false);
      x.dispose();
      if (of !== y) of.dispose();
      sum = added(sum, product, context);
    }
    return [sum!];
  },
};
