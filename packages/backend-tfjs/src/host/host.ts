import type { GeluBits, TensorData } from '@sketchgrad/core';
import type { CodeAttributes, QuantizeAttributes } from '@sketchgrad/core/backend';
import type { NodeOf } from '../node-of.js';

/** A tensor's numbers. */
export interface Numbers {
  readonly shape: readonly number[];
  readonly data: TensorData;
}

/** Whose codes are made, and where they and their ranges go, [rows, groups]. */
export interface Coded {
  readonly key: TensorData;
  readonly ranks: TensorData | undefined;
  readonly codes: Int32Array;
  readonly ranges: { readonly shape: readonly number[]; readonly data: Int32Array };
}

/** Whose bits dropout takes. */
export interface DropoutBits {
  /** (seed, step) */
  readonly key: TensorData;
  readonly stream: number;
  /** An element whose bits are below this is dropped. */
  readonly threshold: number;
}

/** Rows of dropout's factors, and what fills them up. */
export interface FactorRows {
  /** Where they begin among the factors. */
  readonly at: number;
  /** The number of the first one's element; those of all rows follow each other. */
  readonly first: number;
  readonly rows: number;
  /** Elements of a row. */
  readonly run: number;
  /** Factors of a row, `run` or more: those behind its elements are 0. */
  readonly width: number;
}

/**
 * What is done beside TensorFlow.js, with the reference's bits. An array that one of these gives is its own
 * and holds other numbers from the next one on: a tensor of it is disposed of before.
 */
export interface Host {
  /**
   * Rounds rows.
   *
   * @returns rounds those from `begin` on. @throws BackendError for values without a range
   * @throws BackendError for ranks outside the rows
   */
  quantizer(
    node: NodeOf<QuantizeAttributes>,
    features: number,
    coded: Coded,
  ): (begin: number, x: Float32Array) => void;
  /**
   * Reads rows of codes.
   *
   * @param inputs codes and what belongs to them
   * @param turned whether the rotation is undone
   * @returns gives `count` rows from `begin` on
   * @throws BackendError for ranks outside the rows
   */
  reader(
    node: NodeOf<CodeAttributes>,
    inputs: readonly Numbers[],
    turned: boolean,
  ): (begin: number, count: number) => Float32Array;
  /**
   * Writes in which interval numbers lie: how many thresholds, which rise, are not above them.
   * @param words the codes of all numbers
   * @returns gives the GELU of the numbers from `begin` on, a multiple of 32
   */
  fewBitGelu(
    bits: GeluBits,
    thresholds: TensorData,
    words: Int32Array,
  ): (begin: number, x: Float32Array) => Float32Array;
  /**
   * Cotangents times what stands for each number's interval.
   * @returns gives those of the numbers from `begin` on, a multiple of 32
   */
  fewBitGeluGradient(
    bits: GeluBits,
    values: TensorData,
    words: TensorData,
  ): (begin: number, dy: Float32Array) => Float32Array;
  /** Dropout's factors, 0 or 1/(1 − rate), of which rows lie in some parts; 0 in the others. */
  dropoutFactors(count: number, parts: readonly FactorRows[], bits: DropoutBits): Float32Array;
}
