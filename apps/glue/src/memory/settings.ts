import { parseWay, type Way } from '@sketchgrad/train/language';

/** Of the paper's figure 8: no sketch, then rates of a half, a fifth and a tenth. */
const PAPER = ['dense', ...[0.5, 0.2, 0.1].map((rate) => `rmm:gaussian:${rate}`)];

/** What is kept in few bits by our own best settings. */
const FEW_BITS = 'gelu=3,norm=8,attention=8';

/** The first is what the others are compared with. */
export const memoryWays = (): Way[] =>
  [
    ...['none', 'cheap'].flatMap((recompute) => PAPER.map((name) => `${name} ${recompute}`)),
    'dense block',
    'dense gelu=3,norm=8,attention=8',
    ...['rmm:count:0.1', 'quantized:3', 'quantized:2', 'quantized:mixed:1.5'].map(
      (name) => `${name} ${FEW_BITS}`,
    ),
    'quantized:3 gelu=3,norm=8 projections',
  ].map((text) => parseWay(text));
