import { type AttentionAttributes, attentionSizes } from '@sketchgrad/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { Lowering } from '../lowering.js';
import { done } from '../tensors/done.js';
import { mergeHeads, partOf, placeRows, scaled, splitHeads } from './packed/heads.js';
import { heldInTiles, merge, place, scale, split } from './packed/held-in-tiles.js';
import { holdScoreGradient, scoreGradient } from './packed/score-gradient.js';
import { bias, biased } from './packed/softmax.js';
import { perTile, tileFactors, tilesOf } from './packed/tiles.js';

/** Of each row with each. */
const pairs = (length: number): number => length ** 2;

export const attentionGradient: Lowering<AttentionAttributes> = {
  op: 'attentionGradient',
  scratchBytes({ inputs, attributes }) {
    const sizes = attentionSizes(inputs, attributes);
    const { rows, features, heads, examples, longest } = sizes;
    const drops = attributes.threshold > 0;
    const held = heldInTiles(sizes, perTile(examples, heads * longest ** 2), (all, words, more) => {
      const { part, scores, each, places } = words;
      split(all, words, 3);
      scale(all.make(part), part).make(part, scores).free(part, part);
      bias(all, words).make(scores).free(scores);
      split(all, words, 1).make(places, part).free(places, part);
      holdScoreGradient(all, { scores, values: part, dout: part, means: each }, drops);
      scale(all.make(part, part).free(part), part)
        .make(part)
        .free(3 * part);
      scale(all.make(part).free(part, scores), part);
      all.make(3 * part).free(3 * part);
      merge(all, 3 * part);
      place(all, places, { rows, columns: 3 * features }, more);
    });
    return 4 * Math.max(0, held.most - rows * 3 * features);
  },
  // The log-sum-exps, which are rounded as they are stored, are not read.
  lower([x, starts, mask, key, , dcontext], node, context) {
    const { tf, read, upload } = context;
    const sizes = attentionSizes(node.inputs, node.attributes);
    const { rows, features, heads, size, examples, longest } = sizes;
    const { threshold } = node.attributes;
    const bits = { key: read(key!), ...node.attributes };
    const root = 1 / Math.sqrt(size);
    const count = perTile(examples, heads * longest ** 2);
    const packed = { starts: starts!, mask: mask! };
    const cut = { count, probabilities: pairs };
    const { tiles, keys } = tilesOf(node, packed, sizes, cut, context);
    let gradients: Tensor | undefined;
    for (const tile of tiles) {
      const at = [tile, keys] as const;
      const split = splitHeads(x!, at, sizes, context);
      const queries = scaled(partOf(split, 0, sizes, context), root, context);
      const own = partOf(split, 1, sizes, context);
      const products = tf.matMul(queries, own, false, true);
      done(queries, own);
      const scores = biased(products, keys.biases(tile), context);
      const probabilities = tf.softmax(scores);
      scores.dispose();
      // What fills sequences up has no cotangent.
      const outgoing = splitHeads(dcontext!, at, sizes, context);
      const inside = upload(keys.inside(tile), [tile.sequences.length, 1, tile.length, 1]);
      const dout = tf.mul(outgoing, inside);
      done(outgoing, inside);
      const factors =
        threshold > 0
          ? tileFactors(tile, { heads, queries: tile.length }, bits, context)
          : undefined;
      const values = () => partOf(split, 2, sizes, context);
      const { dvalues, dscores } = scoreGradient({ probabilities, dout, values, factors }, context);
      const again = partOf(split, 1, sizes, context);
      const ofKeys = tf.matMul(dscores, again);
      again.dispose();
      const dqueries = scaled(ofKeys, root, context);
      const asked = partOf(split, 0, sizes, context);
      split.dispose();
      const ofQueries = tf.matMul(dscores, asked, true);
      done(asked, dscores);
      const dkeys = scaled(ofQueries, root, context);
      const all = tf.concat([dqueries, dkeys, dvalues], 1);
      done(dqueries, dkeys, dvalues);
      gradients = placeRows(mergeHeads(all, context), at, gradients, context);
    }
    return [gradients ?? tf.zeros([rows, 3 * features])];
  },
};
