import { checkIndices } from '../execution/indices.js';
import { type CodeAttributes, codeInputs } from '../ops/code-inputs.js';
import { ditheredValue } from '../quantization/dither.js';
import { codesOf } from '../quantization/layout.js';
import { unpackCodes } from '../quantization/packing.js';
import { roundingBits, unpackRange } from '../quantization/rounding.js';
import type { KernelCall, Tensor } from './kernel.js';

/**
 * Rows of what was quantized, still rotated, in 32-bit arithmetic: minimum + code · step, or what the
 * code stands for without its dither.
 *
 * @param inputs codes and what belongs to them
 * @throws BackendError for ranks outside the rows
 */
export function codedRows(
  { node, attributes }: Pick<KernelCall<CodeAttributes>, 'node' | 'attributes'>,
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
