import { add, scope, type Value } from '@sketchgrad/core';
import { feedForward } from './feed-forward.js';
import { layerNorm } from './layer-norm.js';
import { drop, type Pass } from './pass.js';
import { selfAttention } from './self-attention.js';

/** The names of a block's layers, within the block. */
export interface BlockNames {
  /** The linear layer that makes queries, keys and values. */
  readonly queryKeyValue: string;
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

/**
 * A block of BERT: attention, then feed-forward, each added to its input and normalised after
 * (post-LN, arXiv 1810.04805). f32 [batch · sequence, hidden] → the same.
 *
 * @param mask i32 [batch, sequence], 0 where a token is padding
 * @param name the block's, within the encoder: `encoder.layer.3`
 */
export function postNormBlock(
  x: Value,
  mask: Value,
  name: string,
  pass: Pass,
  { names: own, attentionDropped }: PostNormOptions,
): Value {
  const { hiddenDropout } = pass.config;
  const names = {
    queryKeyValue: `${name}.${own.queryKeyValue}`,
    attentionOutput: `${name}.${own.attentionOutput}`,
    wide: `${name}.${own.wide}`,
    narrow: `${name}.${own.narrow}`,
  };
  const attended = scope('attention', () => {
    const output = selfAttention(x, mask, pass, names);
    const dropped = attentionDropped ? drop(output, hiddenDropout, pass) : output;
    return layerNorm(add(dropped, x), `${name}.${own.attentionNorm}`, pass);
  });
  return scope('feedForward', () => {
    const output = drop(feedForward(attended, pass, names), hiddenDropout, pass);
    return layerNorm(add(output, attended), `${name}.${own.outputNorm}`, pass);
  });
}
