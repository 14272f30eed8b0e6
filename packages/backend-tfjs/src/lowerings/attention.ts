import { type AttentionAttributes, attentionSizes } from '@sketchgrad/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Lowering } from '../lowering.js';
import { done } from '../tensors/done.js';
import { mergeHeads, partOf, placeRows, scaled, splitHeads } from './packed/heads.js';
import { heldInTiles, merge, place, scale, split } from './packed/held-in-tiles.js';
import { bias, biased, logSumExp, logSumExpOf } from './packed/softmax.js';
import { perTile, tileFactors, tilesOf } from './packed/tiles.js';

/** Of each row with each. */
const pairs = (length: number): number => length ** 2;

export const attention: Lowering<AttentionAttributes> = {
  op: 'attention',
  scratchBytes({ inputs, attributes }) {
    const sizes = attentionSizes(inputs, attributes);
    const { rows, features, heads, examples, longest } = sizes;
    const outputs = rows * (features + heads);
    const held = heldInTiles(sizes, perTile(examples, heads * longest ** 2), (all, words, more) => {
      const { part, scores, each, places } = words;
      split(all, words, 3);
      scale(all.make(part), part)
        .make(part, scores)
        .free(part, part)
        .make(part)
        .free(3 * part);
      bias(all, words).make(scores);
      logSumExp(all, words).free(scores);
      if (attributes.threshold > 0) all.make(scores).make(scores).free(scores, scores);
      merge(all.make(part).free(scores, part), part);
      place(all, places, { rows, columns: features }, more);
      merge(all, each);
      place(all, places, { rows, columns: heads }, more);
    });
    held.make(rows * heads);
    return 4 * Math.max(0, held.most - outputs);
  },
  lower([x, starts, mask, key], node, context) {
    const { tf, read, upload } = context;
    const sizes = attentionSizes(node.inputs, node.attributes);
    const { rows, features, heads, size, examples, longest } = sizes;
    const { threshold } = node.attributes;
    const bits = { key: read(key!), ...node.attributes };
    const count = perTile(examples, heads * longest ** 2);
    const packed = { starts: starts!, mask: mask! };
    const cut = { count, probabilities: pairs };
    const { tiles, keys } = tilesOf(node, packed, sizes, cut, context);
    let contexts: Tensor | undefined;
    let logarithms: Tensor | undefined;
    for (const tile of tiles) {
      const at = [tile, keys] as const;
      const split = splitHeads(x!, at, sizes, context);
      const queries = scaled(partOf(split, 0, sizes, context), 1 / Math.sqrt(size), context);
      const own = partOf(split, 1, sizes, context);
      const products = tf.matMul(queries, own, false, true);
      done(queries, own);
      const values = partOf(split, 2, sizes, context);
      split.dispose();
      const scores = biased(products, keys.biases(tile), context);
      const probabilities = tf.softmax(scores);
      const logSumExps = logSumExpOf(scores, probabilities, context);
      scores.dispose();
      let weights = probabilities;
      if (threshold > 0) {
        const kept = tileFactors(tile, { heads, queries: tile.length }, bits, context);
        const factors = upload(kept, probabilities.shape);
        weights = tf.mul(probabilities, factors);
        done(probabilities, factors);
      }
      const mixed = tf.matMul(weights, values);
      done(weights, values);
      contexts = placeRows(mergeHeads(mixed, context), at, contexts, context);
      logarithms = placeRows(mergeHeads(logSumExps, context), at, logarithms, context);
    }
    if (!contexts || !logarithms) return [tf.zeros([rows, features]), tf.zeros([heads, rows])];
    return [contexts, tf.transpose(logarithms)];
  },
};
