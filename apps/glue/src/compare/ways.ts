import { parseWay, type Way } from '@sketchgrad/train/language';

/**
 * Exact gradients with ever more recomputation, the paper's sketch, and our own settings, which
 * make up for block recomputation's larger workspace with what they keep.
 */
export const comparedWays = (): Way[] =>
  [
    'dense',
    'dense projections',
    'dense block',
    'rmm:gaussian:0.1 every-layer',
    'quantized:3 gelu=3,norm=8,attention=8',
    'quantized:3 gelu=3,norm=8 projections',
    'quantized:2 gelu=2,norm=8 projections',
  ].map((text) => parseWay(text));
