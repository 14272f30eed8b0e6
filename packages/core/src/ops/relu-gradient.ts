import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { bitWords, expectShape, expectType } from './rules.js';

const build = defineOp({
  name: 'reluGradient',
  infer: ([bits, dy]) => {
    expectType('bits', bits!, 'i32', 1);
    expectType('dy', dy!, 'f32');
    expectShape('bits', bits!, [bitWords(dy!)]);
    return [dy!];
  },
  // Part of a backward pass; second derivatives are not offered.
  vjp: 'none',
  flops: ([, dy]) => 1 * elements(dy!),
  cheap: true,
  overwrites: [1],
});

/**
 * dy where ReLU's input was greater than 0, else 0. dy: f32, any shape; bits: i32 [⌈elements/32⌉],
 * of which element e has bit e mod 32 of word ⌊e/32⌋.
 */
export const reluGradient = (bits: Value, dy: Value): Value => build([bits, dy], {})[0]!;
