import type { CodeBits } from '@sketchgrad/core';
import {
  codedRows,
  normalDistribution,
  packCodes,
  rotateRow,
  rotationSigns,
  rowCoder,
  unpackCodes,
  writeWords,
} from '@sketchgrad/core/backend';
import type { DropoutBits, Host } from './host.js';

/** As many numbers as codes are packed by. */
const PACKED = 32;

/** Words that are drawn at once, of two a block; two elements take one, the lower half first. */
const WORDS = 1 << 13;

const drawn = new Int32Array(WORDS);

/** In JavaScript, where WebAssembly has no SIMD: with the reference's own functions. */
export const plainHost: Host = {
  quantizer(node, features, coded) {
    const codeRow = rowCoder({ node, attributes: node.attributes }, features, coded);
    return (begin, x) => {
      for (let at = 0; at < x.length; at += features)
        codeRow(begin + at / features, x.subarray(at, at + features));
    };
  },
  reader(node, inputs, turned) {
    const { features, group } = node.attributes;
    const rowOf = codedRows({ node, attributes: node.attributes }, inputs);
    const signs = rotationSigns(features);
    return (begin, count) => {
      const rows = new Float32Array(count * features);
      for (let row = 0; row < count; row++) {
        const values = rowOf(begin + row);
        if (turned) rotateRow(values, signs, group, true);
        rows.set(values, row * features);
      }
      return rows;
    };
  },
  fewBitGelu: (bits, thresholds, words) => (begin, x) => {
    const codes = Uint8Array.from(x, (value) => intervalOf(value, thresholds));
    packCodes(codes, bits as CodeBits, words, (begin / PACKED) * bits);
    return x.map((value) => value * normalDistribution(value));
  },
  fewBitGeluGradient: (bits, values, words) => (begin, dy) => {
    const codes = unpackCodes(words, (begin / PACKED) * bits, bits as CodeBits, dy.length);
    return dy.map((cotangent, i) => cotangent * values[codes[i]!]!);
  },
  dropoutFactors(count, parts, bits) {
    const factors = new Float32Array(count);
    for (const { at, first, rows, run, width } of parts)
      for (let row = 0; row < rows; row++)
        writeFactors(
          factors.subarray(at + row * width, at + row * width + run),
          first + row * run,
          bits,
        );
    return factors;
  },
};

function intervalOf(value: number, thresholds: ArrayLike<number>): number {
  let [from, to] = [0, thresholds.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (value >= thresholds[middle]!) from = middle + 1;
    else to = middle;
  }
  return from;
}

function writeFactors(
  into: Float32Array,
  first: number,
  { key, stream, threshold }: DropoutBits,
): void {
  const kept = 65536 / (65536 - threshold);
  for (let at = 0; at < into.length; ) {
    const block = Math.floor((first + at) / 4);
    const skipped = first + at - block * 4;
    const count = Math.min(into.length - at, WORDS * 2 - skipped);
    const words = drawn.subarray(0, 2 * Math.ceil((skipped + count) / 4));
    writeWords(words, key, stream, block);
    for (let i = skipped; i < skipped + count; i++, at++) {
      const bits = (words[i >> 1]! >>> ((i & 1) << 4)) & 0xffff;
      into[at] = bits < threshold ? 0 : kept;
    }
  }
}
