import { type AttentionAttributes, type AttentionSizes, poolingSizes } from '@sketchgrad/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Lowering } from '../lowering.js';
import { done } from '../tensors/done.js';
import { examplesOf, placeExamples, takeExamples } from './packed/examples.js';
import { mergeHeads, partOf, placeRows, scaled, splitHeads } from './packed/heads.js';
import { heldInTiles, merge, place, scale, split } from './packed/held-in-tiles.js';
import { bias, biased } from './packed/softmax.js';
import { perTile, tileFactors, tilesOf } from './packed/tiles.js';

/** Probabilities of a head: of one query with each row. */
export const rowsOfOne = (length: number): number => length;

/** Sequences of a tile, by their keys and values. */
export const poolingTile = ({ examples, longest, features }: AttentionSizes): number =>
  perTile(examples, 2 * longest * features);

export const attentionPooling: Lowering<AttentionAttributes> = {
  op: 'attentionPooling',
  scratchBytes({ inputs, attributes }) {
    const sizes = poolingSizes(inputs, attributes);
    const { rows, features, heads, examples } = sizes;
    const drops = attributes.threshold > 0;
    const held = heldInTiles(sizes, poolingTile(sizes), (all, words, more) => {
      const { part, each: scores, places, count } = words;
      const queries = count * features;
      split(all, words, 2);
      scale(takeExamples(all, count, features), queries)
        .make(part, scores)
        .free(queries, part);
      bias(all, { scores, places }).make(scores).free(scores);
      all.make(places, scores).free(scores, places);
      if (drops) all.make(scores).make(scores).free(scores);
      all
        .make(part)
        .free(2 * part)
        .make(queries)
        .free(part);
      if (drops) all.free(scores);
      place(all, count, { rows: examples, columns: features }, more);
      merge(all, scores);
      place(all, places, { rows, columns: heads }, more);
    });
    held.make(rows * heads);
    return 4 * Math.max(0, held.most - examples * features - rows * heads);
  },
  lower([queries, x, starts, mask, key], node, context) {
    const { tf, read, upload } = context;
    const sizes = poolingSizes(node.inputs, node.attributes);
    const { rows, features, heads, size, examples } = sizes;
    const { threshold } = node.attributes;
    const bits = { key: read(key!), ...node.attributes };
    const cut = { count: poolingTile(sizes), probabilities: rowsOfOne };
    const { tiles, keys } = tilesOf(node, { starts: starts!, mask: mask! }, sizes, cut, context);
    let contexts: Tensor | undefined;
    let kept: Tensor | undefined;
    for (const tile of tiles) {
      const at = [tile, keys] as const;
      const split = splitHeads(x!, at, sizes, context);
      const asked = scaled(
        examplesOf(queries!, tile, sizes, context),
        1 / Math.sqrt(size),
        context,
      );
      const own = partOf(split, 0, sizes, context);
      const products = tf.matMul(asked, own, false, true);
      done(asked, own);
      const scores = biased(products, keys.biases(tile), context);
      const shares = tf.softmax(scores);
      scores.dispose();
      const flags = upload(keys.opened(tile), [tile.sequences.length, 1, 1, tile.length]);
      const probabilities = tf.mul(shares, flags);
      done(shares, flags);
      let weights = probabilities;
      if (threshold > 0) {
        const factors = upload(
          tileFactors(tile, { heads, queries: 1 }, bits, context),
          probabilities.shape,
        );
        weights = tf.mul(probabilities, factors);
        factors.dispose();
      }
      const values = partOf(split, 1, sizes, context);
      split.dispose();
      const mixed = tf.matMul(weights, values);
      values.dispose();
      if (weights !== probabilities) weights.dispose();
      contexts = placeExamples(mixed, tile, [examples, features], contexts, context);
      const columns = context.view(probabilities, [tile.sequences.length, heads, tile.length, 1]);
      kept = placeRows(mergeHeads(columns, context), at, kept, context);
    }
    if (!contexts || !kept) return [tf.zeros([examples, features]), tf.zeros([heads, rows])];
    return [contexts, tf.transpose(kept)];
  },
};
