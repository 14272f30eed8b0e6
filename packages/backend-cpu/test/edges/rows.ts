import type { Edges } from '@sketchgrad/testing';
import { BLOCK } from '../../src/kernels/batch-normalize.js';
import { LINE, steps } from './assembly.js';
import { along } from './edge.js';

/** Where the kernels turn that go row by row, column by column, or entry by entry of a sparse matrix. */
export function rowEdges(threads: number): Edges {
  const share = LINE * threads;
  const rows = (...files: readonly string[]) => [
    ...along('rows', [threads]),
    ...along('features', steps(...files)),
  ];
  const batch = (file: string) => [
    ...along('rows', steps(file), [BLOCK, BLOCK * threads]),
    ...along('features', [LINE, share], steps(file)),
  ];
  return {
    normalize: rows('kernels/normalize', 'math/rows'),
    normalizeGradient: rows('kernels/normalize'),
    affine: rows('kernels/affine'),
    affineGradient: [
      ...along('rows', steps('kernels/affine')),
      ...along('features', steps('kernels/affine'), [share]),
    ],
    softmax: rows('math/rows'),
    crossEntropy: rows('math/rows'),
    crossEntropyGradient: rows('kernels/cross-entropy'),
    rowSquaredNorms: rows('math/rows'),
    transpose: [
      ...along('rows', steps('kernels/move')),
      ...along('features', steps('kernels/move'), [share]),
    ],
    batchNormalize: batch('kernels/batch-normalize'),
    batchNormalizeGradient: batch('kernels/batch-normalize-gradient'),
    exampleGradientNorms: [
      ...along('features', steps('math/dot')),
      ...along('outputs', steps('math/dot')),
      ...along('batch', [threads]),
    ],
    zeroRowsBehind: [
      ...along('rows', [LINE, share], { features: 1, behind: 3 }),
      ...along('behind', [LINE, share], { rows: 2 * share, features: 1 }),
    ],
    gather: [...along('count', [threads]), ...along('features', [LINE])],
    scatterAdd: along('features', steps('kernels/move'), [share]),
    sparseMatmul: [
      ...along('rows', [threads]),
      ...along('entries', steps('kernels/sparse')),
      ...along('features', steps('kernels/sparse')),
    ],
  };
}
