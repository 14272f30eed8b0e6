import { diagonalBlocks, type Node, partBegin } from '@sketchgrad/core';
import { below, checkIndices, randomSigns, randomWords } from '@sketchgrad/core/backend';
import type { Tensor } from '@tensorflow/tfjs-core';
import { type Lowering, type LoweringContext, SCALAR_BYTES } from '../lowering.js';
import type { NodeOf } from '../node-of.js';
import { done } from '../tensors/done.js';
import { added } from './added.js';
import type { SketchAttributes } from './sketch-tiles.js';

type CountAttributes = SketchAttributes & { readonly balanced: boolean };

/** Into how many parts x's rows are cut at most: each adds a tensor of the sketch's size. */
const PARTS = 8;

/** Rows of x that are added to their bins at once: many against the bins, few against all. */
function partRows({ inputs: [x], attributes: { rows } }: NodeOf<CountAttributes>): number {
  const n = x!.shape[0]!;
  return Math.ceil(n / Math.max(1, Math.min(PARTS, Math.floor(n / (2 * rows)))));
}

/** The bin and the sign of each row of x, in its order. */
function dealt(node: NodeOf<CountAttributes>, key: ArrayLike<number>) {
  const { rows, stream, balanced, blockRows } = node.attributes;
  const n = node.inputs[0]!.shape[0]!;
  const bins = new Int32Array(n);
  const signs = new Float32Array(n);
  const drawn = { data: key };
  const [sign, word] = [randomSigns(drawn, stream), randomWords(drawn, stream)];
  for (const { begin, end, sketchBegin, sketchEnd } of diagonalBlocks(n, rows, blockRows)) {
    const count = sketchEnd - sketchBegin;
    for (let bin = 0; balanced && bin < count; bin++) {
      const first = begin + partBegin(end - begin, count, bin);
      bins.fill(sketchBegin + bin, first, begin + partBegin(end - begin, count, bin + 1));
    }
    for (let t = begin; t < end; t++) {
      if (balanced) {
        signs[t] = sign(t);
        continue;
      }
      // 31 bits as the top of a word.
      const bits = word(t);
      bins[t] = sketchBegin + below((bits & ~1) >>> 0, count);
      signs[t] = bits & 1 ? -1 : 1;
    }
  }
  return { bins, signs };
}

/** The rows of x that are dealt from `first` on. */
function rowsFrom(
  [x, order]: readonly [Tensor, Tensor | undefined],
  first: number,
  count: number,
  { tf }: LoweringContext,
): Tensor {
  if (!order) return tf.slice(x, [first, 0], [count, x.shape[1]!]);
  const indices = tf.slice(order, [first], [count]);
  const rows = tf.gather(x, indices as never);
  indices.dispose();
  return rows;
}

export const countSketch: Lowering<CountAttributes> = {
  op: 'countSketch',
  scratchBytes(node) {
    const { rows } = node.attributes;
    const [n, features] = node.inputs[0]!.shape as [number, number];
    if (n * features === 0) return 0;
    const part = partRows(node);
    const sums = rows * features;
    const ordered = node.inputs.length > 2;
    let [made, most] = [0, 0];
    for (let first = 0; first < n; first += part) {
      const count = Math.min(part, n - first);
      const signed =
        made + Math.max(2 * count * features + count, ordered ? count * (features + 1) : 0);
      most = Math.max(
        most,
        signed,
        made + count * (features + 1) + sums,
        made + (made && sums) + sums,
      );
      made = sums;
    }
    return Math.max(0, SCALAR_BYTES * (most - sums));
  },
  lower([x, key, order], node, context) {
    const { tf, read, check, upload } = context;
    const { rows } = node.attributes;
    const [n, features] = x!.shape as [number, number];
    if (order)
      check(order, `an order of ${n}`, (data) => checkIndices(node as Node, 'index', data, n));
    if (n * features === 0) return [tf.zeros([rows, features])];
    const { bins, signs } = dealt(node, read(key!));
    const part = partRows(node);
    let sums: Tensor | undefined;
    for (let first = 0; first < n; first += part) {
      const count = Math.min(part, n - first);
      const own = rowsFrom([x!, order], first, count, context);
      const factors = upload(signs.slice(first, first + count), [count, 1]);
      const signed = tf.mul(own, factors);
      done(own, factors);
      const places = upload(bins.slice(first, first + count), [count, 1]);
      const parts = tf.scatterND(places, signed, [rows, features]);
      done(signed, places);
      sums = added(sums, parts, context);
    }
    return [sums!];
  },
};
