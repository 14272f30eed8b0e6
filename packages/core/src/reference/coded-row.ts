import { type CodeLayout, codesOf } from '../quantization/layout.js';
import { unpackCodes } from '../quantization/packing.js';
import { unpackRange } from '../quantization/rounding.js';
import type { Tensor } from './kernel.js';

/** A row of what was quantized, still rotated: minimum + code · step in 32-bit arithmetic. */
export function codedRow(
  {
    codes,
    ranges,
    ranks,
  }: { readonly codes: Tensor; readonly ranges: Tensor; readonly ranks: Tensor | undefined },
  { segments, group, features }: CodeLayout & { readonly features: number },
  row: number,
): Float32Array {
  const { bits, word } = codesOf(ranks ? ranks.data[row]! : row, features, segments);
  const unpacked = unpackCodes(codes.data, word, bits, features);
  const groups = ranges.shape[1]!;
  const values = new Float32Array(features);
  for (let at = 0; at < groups; at++) {
    const { minimum, step } = unpackRange(ranges.data[row * groups + at]!);
    const end = Math.min((at + 1) * group, features);
    for (let f = at * group; f < end; f++) values[f] = minimum + Math.fround(step * unpacked[f]!);
  }
  return values;
}
