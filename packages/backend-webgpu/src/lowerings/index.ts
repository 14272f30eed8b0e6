import type { Lowering } from '../lowering.js';
import {
  accumulate,
  add,
  clear,
  divide,
  exponential,
  gelu,
  geluGradient,
  logarithm,
  multiply,
  scale,
  squareRoot,
  subtract,
  tanh,
} from './element-wise.js';
import { linear, matmul } from './matmul.js';
import { broadcastTo, concatenate, permuteAxes, reshape, slice, transpose } from './moves.js';
import { relu, reluGradient } from './relu.js';

const LOWERINGS: readonly Lowering[] = [
  accumulate,
  add,
  broadcastTo,
  clear,
  concatenate,
  divide,
  exponential,
  gelu,
  geluGradient,
  linear,
  logarithm,
  matmul,
  multiply,
  permuteAxes,
  relu,
  reluGradient,
  reshape,
  scale,
  slice,
  squareRoot,
  subtract,
  tanh,
  transpose,
];

/** How each op is run, by its name. */
export const lowerings: ReadonlyMap<string, Lowering> = new Map(
  LOWERINGS.map((lowering) => [lowering.op, lowering]),
);
