import { checkGeluBits, type GeluBits } from '../approximation/gelu-derivative.js';
import { checkOptions } from '../checks/check-options.js';
import { constant } from '../graph/leaves.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { rowWords } from '../quantization/layout.js';
import { expectShape, expectType } from './rules.js';

const build = defineOp<{ readonly bits: GeluBits }>({
  name: 'fewBitGeluGradient',
  infer: ([dy, codes, values], { bits }) => {
    expectType('dy', dy!, 'f32');
    expectType('codes', codes!, 'i32', 1);
    expectShape('codes', codes!, [rowWords(elements(dy!), bits)]);
    expectShape('values', values!, [2 ** bits]);
    return [dy!];
  },
  // Part of a backward pass; second derivatives are not offered.
  vjp: 'none',
  flops: ([dy]) => elements(dy!),
  overwrites: [0],
});

/**
 * dy · values[code], by element.
 *
 * @param codes which of the values, packed as `quantize` packs a single row's: i32 [⌈n/32⌉ · bits]
 * @param dy f32, any shape, of n elements
 * @param values [2^bits]
 * @returns f32, dy's shape
 */
export const fewBitGeluGradient = (
  codes: Value,
  dy: Value,
  options: { bits: GeluBits; values: Float32Array },
): Value => {
  checkOptions('fewBitGeluGradient', options, { bits: checkGeluBits, values: true });
  const { bits, values } = options;
  return build([dy, codes, constant(values)], { bits })[0]!;
};
