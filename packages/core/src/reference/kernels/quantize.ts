import { BackendError } from '../../errors.js';
import { checkIndices } from '../../execution/indices.js';
import type { QuantizeAttributes } from '../../ops/quantize.js';
import { variesLessDithered } from '../../quantization/dither.js';
import { codesOf } from '../../quantization/layout.js';
import { packCodes } from '../../quantization/packing.js';
import { rotateRow, rotationSigns } from '../../quantization/rotation.js';
import { codeAt, packRange, position, rangeOf, roundingBits } from '../../quantization/rounding.js';
import type { Numbers, ReferenceKernel } from '../kernel.js';

/** In 32-bit arithmetic whatever the tensors are stored in: codes are equal to the bit everywhere. */
export const quantize: ReferenceKernel<QuantizeAttributes> = {
  op: 'quantize',
  run({ node, inputs: [x, key, ranks], outputs: [codes, ranges], attributes }) {
    const { segments, group, rotate, stream } = attributes;
    const [rows, features] = x!.shape as [number, number];
    if (ranks) checkIndices(node, 'rank', ranks.data, rows);
    const signs = rotationSigns(features);
    const groups = ranges!.shape[1]!;
    const rounded = new Uint8Array(features);
    const positions = new Int32Array(features);
    for (let row = 0; row < rows; row++) {
      const values = Float32Array.from(x!.data.subarray(row * features, (row + 1) * features));
      if (rotate) rotateRow(values, signs, group);
      const { bits, word } = codesOf(ranks ? ranks.data[row]! : row, features, segments);
      const levels = 2 ** bits - 1;
      const random = roundingBits(key!.data, stream, row, features);
      for (let at = 0; at < groups; at++) {
        const end = Math.min((at + 1) * group, features);
        const range = rangeOf(values.subarray(at * group, end), levels);
        if (!range) throw unfit(node.scope, x!.data, row * features + at * group, end - at * group);
        for (let f = at * group; f < end; f++) {
          positions[f] = position(values[f]!, range, levels);
          rounded[f] = codeAt(positions[f]!, random[f]!);
        }
        const dithered = variesLessDithered(positions, [at * group, end], bits);
        ranges!.data[row * groups + at] = packRange({ ...range, dithered });
      }
      packCodes(rounded, bits, codes!.data, word);
    }
  },
};

/** Names the first of a group's values that is not finite, else the one of largest magnitude. */
function unfit(scope: string, x: Numbers, first: number, count: number): BackendError {
  const group = x.subarray(first, first + count);
  const size = (at: number) => Math.abs(group[at]!);
  let at = group.findIndex((value: number) => !Number.isFinite(value));
  if (at < 0) {
    at = 0;
    for (let i = 1; i < count; i++) if (size(i) > size(at)) at = i;
  }
  const place = scope ? ` in ${scope}` : '';
  return new BackendError(
    `quantize${place}: value ${group[at]} at position ${first + at} is not finite and, with its group, in the range of bfloat16`,
  );
}
