import {
  constant,
  dense,
  dropout,
  type GradientEstimator,
  input,
  type KeepChoice,
  type LayerEstimators,
  newKey,
  type Value,
} from '@sketchgrad/core';
import type { EncoderConfig } from './encoder-config.js';

/** What the layers of one traced forward pass share. */
export interface Pass {
  readonly config: EncoderConfig;
  /** What the names of the encoder's parameters begin with, without the point. */
  readonly prefix: string;
  readonly batchSize: number;
  /** Tokens in each row of the batch, padding included. */
  readonly sequence: number;
  /** Whether dropout is on. */
  readonly training: boolean;
  /** How the encoder's linear layers keep their inputs: one way for all, or each its own. */
  readonly estimator: GradientEstimator | LayerEstimators;
  /** Bits of GELU's input, where it is not kept as it is. */
  readonly geluBits: KeepChoice['gelu'];
  /** Seed and step, i32 [2]; each use of randomness takes a stream of its own under it. */
  readonly key: Value;
}

/** How to build a forward pass. */
export interface BuildOptions {
  readonly shape: { readonly batchSize: number; readonly sequence: number };
  /** Dropout as configured, and the input `key`; else no dropout and no randomness. */
  readonly training: boolean;
  /**
   * For the encoder's linear layers, one for all or chosen by layer; `dense` by default. A layer's
   * name is its place in the model, `encoder.layer.3.output.dense` in BERT; query, key and value are
   * one layer, `encoder.layer.3.attention.self.query_key_value`. The head always stays dense.
   */
  readonly estimator?: GradientEstimator | LayerEstimators;
  /**
   * What is kept in few bits. Only `gelu` is the model's own business; for `norm` and `attention` the
   * graph is rewritten, by core's `compressKept`.
   */
  readonly keep?: KeepChoice;
}

/** Starts a pass within core's `trace`; declares the input `key` where it is for training. */
export function startPass(
  config: EncoderConfig,
  prefix: string,
  { shape, training, estimator = dense(), keep = {} }: BuildOptions,
): Pass {
  return {
    config,
    prefix,
    ...shape,
    training,
    // Without a backward pass nothing is kept, so nothing needs to be estimated.
    estimator: training ? estimator : dense(),
    geluBits: training ? keep.gelu : undefined,
    // Attention always reads a key; at a dropout of 0 it draws nothing from it.
    key: training ? input('key', [2], 'i32') : constant(Int32Array.of(0, 0)),
  };
}

/** Dropout while training, under a stream of its own. f32, any shape. */
export const drop = (x: Value, rate: number, { training, key }: Pass): Value =>
  training ? dropout(x, { rate, key: newKey(key) }) : x;

/** A parameter's full name, from the one that it has within the encoder. */
export const encoderName = ({ prefix }: Pass, name: string): string => `${prefix}.${name}`;
