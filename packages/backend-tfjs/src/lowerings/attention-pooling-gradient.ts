import { type AttentionAttributes, poolingSizes } from '@sketchgrad/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Lowering } from '../lowering.js';
import { done } from '../tensors/done.js';
import { poolingTile, rowsOfOne } from './attention-pooling.js';
import { examplesOf, placeExamples, takeExamples } from './packed/examples.js';
import { mergeHeads, partOf, placeRows, scaled, splitHeads } from './packed/heads.js';
import { heldInTiles, merge, place, scale, split } from './packed/held-in-tiles.js';
import { holdScoreGradient, scoreGradient } from './packed/score-gradient.js';
import { tileFactors, tilesOf } from './packed/tiles.js';

export const attentionPoolingGradient: Lowering<AttentionAttributes> = {
  op: 'attentionPoolingGradient',
  scratchBytes({ inputs, attributes }) {
    const sizes = poolingSizes(inputs, attributes);
    const { rows, features, heads, examples } = sizes;
    const drops = attributes.threshold > 0;
    const held = heldInTiles(sizes, poolingTile(sizes), (all, words, more) => {
      const { part, each: scores, places, count } = words;
      const [queries, means] = [count * features, count * heads];
      if (!more) all.make(rows * heads);
      split(all, words, 2);
      split(all, { ...words, part: scores }, 1)
        .make(places, scores)
        .free(scores, places);
      takeExamples(all, count, features);
      holdScoreGradient(all, { scores, values: part, dout: queries, means }, drops);
      scale(all.make(part, queries).free(part, 2 * part), queries);
      takeExamples(all, count, features).make(part).free(queries, scores);
      scale(all, part)
        .make(2 * part)
        .free(2 * part);
      place(all, count, { rows: examples, columns: features }, more);
      merge(all, 2 * part);
      place(all, places, { rows, columns: 2 * features }, more);
    });
    return 4 * Math.max(0, held.most - features * (examples + 2 * rows));
  },
  lower(inputs, node, context) {
    const { tf, read, upload, view } = context;
    const [queries, x, starts, mask, key, before, dcontext] = inputs as [Tensor, ...Tensor[]];
    const sizes = poolingSizes(node.inputs, node.attributes);
    const { rows, features, heads, size, examples } = sizes;
    const { threshold } = node.attributes;
    const bits = { key: read(key!), ...node.attributes };
    const root = 1 / Math.sqrt(size);
    const cut = { count: poolingTile(sizes), probabilities: rowsOfOne };
    const { tiles, keys } = tilesOf(node, { starts: starts!, mask: mask! }, sizes, cut, context);
    const columns = tiles.length > 0 ? tf.transpose(before!) : undefined;
    let gradients: Tensor | undefined;
    let asked: Tensor | undefined;
    for (const tile of tiles) {
      const at = [tile, keys] as const;
      const each = [tile.sequences.length, heads, 1, tile.length];
      const split = splitHeads(x!, at, sizes, context);
      const given = splitHeads(columns!, at, { heads, size: 1 }, context);
      const flags = upload(keys.filled(tile), [tile.sequences.length, 1, 1, tile.length]);
      const probabilities = tf.mul(view(given, each), flags);
      done(given, flags);
      const dout = examplesOf(dcontext!, tile, sizes, context);
      const factors =
        threshold > 0 ? tileFactors(tile, { heads, queries: 1 }, bits, context) : undefined;
      const values = () => partOf(split, 1, sizes, context);
      const { dvalues, dscores } = scoreGradient({ probabilities, dout, values, factors }, context);
      const own = partOf(split, 0, sizes, context);
      const ofKeys = tf.matMul(dscores, own);
      done(own, split);
      const dqueries = scaled(ofKeys, root, context);
      const again = examplesOf(queries, tile, sizes, context);
      const ofQueries = tf.matMul(dscores, again, true);
      done(again, dscores);
      const dkeys = scaled(ofQueries, root, context);
      const all = tf.concat([dkeys, dvalues], 1);
      done(dkeys, dvalues);
      asked = placeExamples(dqueries, tile, [examples, features], asked, context);
      gradients = placeRows(mergeHeads(all, context), at, gradients, context);
    }
    return [gradients ?? tf.zeros([rows, 2 * features]), asked ?? tf.zeros([examples, features])];
  },
};
