import type { Edges } from '@sketchgrad/testing';
import { LEAST_SHARE } from '../../src/kernels/gemm.js';
import { DRAWN, paddedFeatures } from '../../src/kernels/quantize.js';
import { TILE_ROWS } from '../../src/kernels/quantized-matmul.js';
import { constantOf, steps } from './assembly.js';
import { along } from './edge.js';

/** Lengths of the transforms that turn a group: each is made of other passes. */
const TRANSFORMS = [2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

/** Where the kernels turn that round, unpack, rotate and project. */
export function quantizationEdges(threads: number): Edges {
  const packed = constantOf('quantization/segments', 'PACKED');
  const padded = paddedFeatures(1);
  const group = 128;
  // Whatever rotates, it is the same function.
  const transforms = along('features', TRANSFORMS, { rows: 1, group: 1024 });
  const rounded = (...files: readonly string[]) => [
    ...along('rows', [threads]),
    ...along('features', steps(...files), [packed, padded, group]),
  ];
  const drawn = along('rows', [DRAWN, DRAWN * threads]);
  const columns = 64;
  return {
    quantize: [...rounded('quantization/positions', 'quantization/dither'), ...drawn],
    dequantize: [...rounded('kernels/dequantize'), ...drawn],
    quantizedMatmul: [
      ...rounded('kernels/dequantize'),
      ...drawn,
      ...along('rows', [TILE_ROWS * threads], { features: 3 }),
    ],
    roundingVariance: rounded('kernels/rounding-variance', 'quantization/positions'),
    rotateFeatures: [...rounded('quantization/rotate'), ...transforms],
    rankRows: along('rows', [constantOf('kernels/rank-rows', 'DIGITS')]),
    projectFeatures: [
      ...along('columns', [threads]),
      ...along('features', steps('kernels/sketch-tile')),
      ...along('rows', [(LEAST_SHARE * threads) / columns ** 2], { features: columns, columns }),
    ],
  };
}
