import {
  type BuildOptions,
  constant,
  dense,
  dropout,
  type GradientEstimator,
  input,
  KEY_INPUT,
  type KeepChoice,
  type LayerEstimators,
  newKey,
  type SentenceShape,
  type Value,
  zeroRowsBehind,
} from '@sketchgrad/core';
import type { EncoderConfig } from './encoder-config.js';

/** What the layers of one traced forward pass share. */
export interface Pass {
  readonly config: EncoderConfig;
  /** What the names of the encoder's parameters begin with, without the point. */
  readonly prefix: string;
  /** Sizes of the batch. */
  readonly shape: SentenceShape;
  /** Where each example begins, and where the last one ends: i32 [batchSize + 1]. */
  readonly starts: Value;
  /** 0 where a row is padding or nobody's: i32 [rows]. */
  readonly mask: Value;
  /** What the layers' inputs have a row for. */
  readonly rowsOf: 'tokens' | 'examples';
  /** Whether dropout is on. */
  readonly training: boolean;
  /** How the encoder's linear layers keep their inputs: one way for all, or each its own. */
  readonly estimator: GradientEstimator | LayerEstimators;
  /** Bits of GELU's input, where it is not kept as it is. */
  readonly geluBits: KeepChoice['gelu'];
  /** Seed and step, i32 [2]; each use of randomness takes a stream of its own under it. */
  readonly key: Value;
}

/**
 * Starts a pass within core's `trace`; declares the inputs starts, i32 [batchSize + 1], attentionMask, i32
 * [rows], and where it is for training `key`.
 */
export function startPass(
  config: EncoderConfig,
  prefix: string,
  { shape, training, estimator = dense(), keep = {} }: BuildOptions<SentenceShape>,
): Pass {
  return {
    ...{ config, prefix, shape, training },
    starts: input('starts', [shape.batchSize + 1], 'i32'),
    mask: input('attentionMask', [shape.rows], 'i32'),
    rowsOf: 'tokens',
    // Without a backward pass nothing is kept, so nothing needs to be estimated.
    estimator: training ? estimator : dense(),
    geluBits: training ? keep.gelu : undefined,
    // Attention always reads a key; at a dropout of 0 it draws nothing from it.
    key: training ? input(KEY_INPUT, [2], 'i32') : constant(Int32Array.of(0, 0)),
  };
}

/** Dropout while training, under a stream of its own. f32, any shape. */
export const drop = (x: Value, rate: number, { training, key }: Pass): Value =>
  training ? dropout(x, { rate, key: newKey(key) }) : x;

/**
 * x with zeros in the rows that are nobody's, where it may have some: what a bias has made of them is
 * not to be kept, sketched or counted. f32 [rows, features] → the same.
 */
export const zeroUnused = (x: Value, { rowsOf, starts }: Pass): Value =>
  rowsOf === 'tokens' ? zeroRowsBehind(x, starts) : x;

/** A parameter's full name, from the one that it has within the encoder. */
export const encoderName = ({ prefix }: Pass, name: string): string => `${prefix}.${name}`;
