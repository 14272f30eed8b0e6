import type { BackendError } from '../errors.js';
import type { Node } from '../graph/node.js';
import type { Shape } from '../graph/types.js';
import { type CodeAttributes, codeInputs } from '../ops/code-inputs.js';
import type { QuantizeAttributes } from '../ops/quantize.js';
import { ditheredValue, variesLessDithered } from '../quantization/dither.js';
import { codesOf } from '../quantization/layout.js';
import { packCodes, unpackCodes } from '../quantization/packing.js';
import { rotateRow, rotationSigns } from '../quantization/rotation.js';
import {
  codeAt,
  packRange,
  position,
  rangeOf,
  roundingBits,
  unpackRange,
} from '../quantization/rounding.js';
import { checkIndices, refusedValue } from './indices.js';

type Numbers = Float32Array | Float64Array | Int32Array;

interface Tensor {
  readonly shape: Shape;
  readonly data: Numbers;
}

/** A node, and what its op was told. */
interface Told<A> {
  readonly node: Node;
  readonly attributes: A;
}

/** Where a matrix's codes and ranges go, and what they are made with. */
interface Coded {
  readonly key: Numbers;
  readonly ranks: Numbers | undefined;
  readonly codes: Numbers;
  /** [rows, groups]. */
  readonly ranges: Tensor;
}

/**
 * Rounds row by row, in 32-bit arithmetic whatever the tensors are stored in: codes are equal to the bit
 * everywhere.
 *
 * @returns for a row's number and its values
 * @throws BackendError for ranks outside the rows; by what is returned, for values without a range
 */
export function rowCoder(
  { node, attributes }: Told<QuantizeAttributes>,
  features: number,
  { key, ranks, codes, ranges }: Coded,
): (row: number, x: Numbers) => void {
  const { segments, group, rotate, stream } = attributes;
  const [rows, groups] = ranges.shape as [number, number];
  if (ranks) checkIndices(node, 'rank', ranks, rows);
  const signs = rotationSigns(features);
  const values = new Float32Array(features);
  const rounded = new Uint8Array(features);
  const positions = new Int32Array(features);
  return (row, x) => {
    values.set(x);
    if (rotate) rotateRow(values, signs, group);
    const { bits, word } = codesOf(ranks ? ranks[row]! : row, features, segments);
    const levels = 2 ** bits - 1;
    const random = roundingBits(key, stream, row, features);
    for (let at = 0; at < groups; at++) {
      const [begin, end] = [at * group, Math.min((at + 1) * group, features)];
      const range = rangeOf(values.subarray(begin, end), levels);
      if (!range) throw unfit(node, x.subarray(begin, end), row * features + begin);
      for (let f = begin; f < end; f++) {
        positions[f] = position(values[f]!, range, levels);
        rounded[f] = codeAt(positions[f]!, random[f]!);
      }
      const dithered = variesLessDithered(positions, [begin, end], bits);
      ranges.data[row * groups + at] = packRange({ ...range, dithered });
    }
    packCodes(rounded, bits, codes, word);
  };
}

/**
 * Names the first of a group's values that is not finite, else the one of largest magnitude.
 * @param first the position of the group's first value
 */
function unfit(node: Node, group: Numbers, first: number): BackendError {
  const size = (at: number) => Math.abs(group[at]!);
  let at = group.findIndex((value: number) => !Number.isFinite(value));
  if (at < 0) {
    at = 0;
    for (let i = 1; i < group.length; i++) if (size(i) > size(at)) at = i;
  }
  return refusedValue(node)(first + at, group[at]!);
}

/**
 * Rows of what was quantized, still rotated, in 32-bit arithmetic: minimum + code · step, or what the
 * code stands for without its dither.
 *
 * @param inputs codes and what belongs to them
 * @throws BackendError for ranks outside the rows
 */
export function codedRows(
  { node, attributes }: Told<CodeAttributes>,
  inputs: readonly Tensor[],
): (row: number) => Float32Array {
  const { segments, group, features, stream } = attributes;
  const { codes, ranges, key, ranks } = codeInputs(inputs, stream);
  const [rows, groups] = ranges.shape as [number, number];
  if (ranks) checkIndices(node, 'rank', ranks.data, rows);
  return (row) => {
    const { bits, word } = codesOf(ranks ? ranks.data[row]! : row, features, segments);
    const unpacked = unpackCodes(codes.data, word, bits, features);
    const random = key && roundingBits(key.data, stream!, row, features);
    const values = new Float32Array(features);
    for (let at = 0; at < groups; at++) {
      const range = unpackRange(ranges.data[row * groups + at]!);
      const { minimum, step } = range;
      const end = Math.min((at + 1) * group, features);
      for (let f = at * group; f < end; f++)
        values[f] =
          random && range.dithered
            ? ditheredValue(unpacked[f]!, random[f]!, range, bits)
            : minimum + Math.fround(step * unpacked[f]!);
    }
    return values;
  };
}
