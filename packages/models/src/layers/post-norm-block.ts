import { add, scope, type Value } from '@sketchgrad/core';
import { feedForward } from './feed-forward.js';
import { firstTokenAttention, firstTokens, ofExamples } from './first-tokens.js';
import { layerNorm } from './layer-norm.js';
import { drop, type Pass } from './pass.js';
import { selfAttention } from './self-attention.js';

/** The names of a block's layers, within the block. */
export interface BlockNames {
  /** The linear layer that makes queries, keys and values. */
  readonly queryKeyValue: string;
  /** The two that make queries, of first tokens alone, and keys and values. */
  readonly query: string;
  readonly keyValue: string;
  readonly attentionOutput: string;
  readonly attentionNorm: string;
  /** The feed-forward layers, to `intermediateSize` and back. */
  readonly wide: string;
  readonly narrow: string;
  readonly outputNorm: string;
}

/** What blocks differ in. */
export interface PostNormOptions {
  readonly names: BlockNames;
  /** Whether attention's output has dropout, as the feed-forward layers' has. */
  readonly attentionDropped: boolean;
}

/** Where a block stands. */
export interface BlockPlace {
  /** Its name within the encoder: `encoder.layer.3`. */
  readonly name: string;
  /** Whether nobody looks at its output but at the first token of each example. */
  readonly firstTokensOnly: boolean;
}

/**
 * A block of BERT: attention, then feed-forward, each added to its input and normalised after
 * (post-LN, arXiv 1810.04805). f32 [rows, hidden] → the same; for first tokens only f32
 * [batchSize, hidden], to which all but keys and values is then confined.
 */
export function postNormBlock(
  x: Value,
  { name, firstTokensOnly }: BlockPlace,
  pass: Pass,
  { names: own, attentionDropped }: PostNormOptions,
): Value {
  const { hiddenDropout } = pass.config;
  const named = Object.entries(own).map(([layer, within]) => [layer, `${name}.${within}`]);
  const names = Object.fromEntries(named) as Record<keyof BlockNames, string>;
  const after = firstTokensOnly ? ofExamples(pass) : pass;
  const attended = scope('attention', () => {
    const rows = firstTokensOnly ? firstTokens(x, pass) : x;
    const output = firstTokensOnly
      ? firstTokenAttention(x, rows, pass, names)
      : selfAttention(x, pass, names);
    const dropped = attentionDropped ? drop(output, hiddenDropout, pass) : output;
    return layerNorm(add(dropped, rows), names.attentionNorm, after);
  });
  return scope('feedForward', () => {
    const output = drop(feedForward(attended, after, names), hiddenDropout, pass);
    return layerNorm(add(output, attended), names.outputNorm, after);
  });
}
