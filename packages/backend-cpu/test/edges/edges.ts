import type { Edges } from '@sketchgrad/testing';
import { BLOCK as BINARY_BLOCK } from '../../src/kernels/binary-cross-entropy.js';
import { KERNEL_AXES } from '../../src/kernels/broadcast.js';
import { tilePlaces } from '../../src/kernels/convolution.js';
import { LINE as COPIED_LINE } from '../../src/kernels/copy.js';
import { LEAST_SHARE } from '../../src/kernels/gemm.js';
import { BLOCK as SUM_BLOCK } from '../../src/kernels/sum.js';
import { constantOf, LINE, steps } from './assembly.js';
import { along } from './edge.js';
import { quantizationEdges } from './quantization.js';
import { randomEdges } from './random.js';
import { rowEdges } from './rows.js';

/** What decides where the kernels turn. */
export interface Setup {
  readonly threads: number;
  readonly hostBlockBytes: number;
}

/**
 * The sizes at which the CPU's kernels begin another vector, tile, block or thread's share: from the
 * constants of their lowering and of their sources, so that a case moves with its constant.
 */
export function edges({ threads, hostBlockBytes }: Setup): Edges {
  const share = LINE * threads;
  const elements = (...files: readonly string[]) => along('elements', steps(...files), [share]);
  const coded = constantOf('kernels/few-bit-gelu', 'PACKED');
  const codedTogether = coded * constantOf('kernels/few-bit-gelu', 'AT_ONCE');
  const codes = along(
    'elements',
    steps('kernels/few-bit-gelu', 'kernels/gelu'),
    [coded, coded * threads],
    [codedTogether],
  );
  const bits = along('elements', steps('kernels/relu'), [32, 32 * share]);
  const copies = along('elements', [(COPIED_LINE / 4) * threads], [hostBlockBytes / 4]);
  const blocks = (block: number) => along('elements', [block, block * threads]);
  const broadcasts = [
    ...along('columns', steps('kernels/binary'), [share]),
    ...along('axes', [KERNEL_AXES]),
  ];
  // A product takes another thread for so many multiplications each.
  const shares = Array.from({ length: threads - 1 }, (_, i) => (i + 2) * LEAST_SHARE);
  const products = [
    ...along('rows', [threads]),
    ...along(
      'inner',
      shares.map((count) => count / (32 * 64)),
      { rows: 32, columns: 64 },
    ),
    ...along(
      'rows',
      shares.map((count) => count / (64 * 64)),
      { inner: 64, columns: 64 },
    ),
  ];
  const patch = 2 * 2 * 3;
  const tiled = along(
    'rows',
    [1, 2, threads].map((times) => times * tilePlaces(patch)),
    { batch: 1, columns: 1 },
  );
  const images = along('batch', [threads]);
  const pooled = [...images, ...along('channels', [4, 8]), ...along('rows', [threads])];
  const convolved = [...images, ...tiled, ...along('channels', [4]), ...along('outputs', [8])];
  const moved = [...along('inner', [4, share]), ...along('outer', [threads])];
  return {
    ...{ convolution: convolved, convolutionInputGradient: convolved },
    placesAtPixels: [...along('rows', [threads]), ...along('outputs', [4, 8])],
    ...{ convolutionWeightGradient: convolved, maxPooling: pooled, maxPoolingGradient: pooled },
    ...{ averagePooling: pooled, averagePoolingGradient: pooled },
    ...{ concatenate: moved, slice: moved, permuteAxes: moved },
    scale: elements('kernels/elementwise'),
    tanh: elements('kernels/elementwise'),
    exponential: elements('kernels/elementwise'),
    logarithm: elements('kernels/elementwise'),
    squareRoot: elements('kernels/elementwise'),
    gelu: elements('kernels/gelu'),
    geluGradient: elements('kernels/gelu'),
    adamw: elements('kernels/update'),
    accumulate: elements('kernels/update'),
    // Of two rows, as the statistics that it follows.
    moveAverage: along(
      'features',
      [...steps('kernels/update'), share].map((size) => size / 2),
      { rows: 2 },
    ),
    clear: along('elements', [share]),
    relu: bits,
    reluGradient: bits,
    fewBitGelu: codes,
    fewBitGeluGradient: codes,
    copyToHost: copies,
    copyFromHost: copies,
    squaredNorm: [...blocks(SUM_BLOCK), ...along('elements', steps('math/rows'))],
    binaryCrossEntropy: [
      ...blocks(BINARY_BLOCK),
      ...along('elements', steps('kernels/binary-cross-entropy')),
    ],
    binaryCrossEntropyGradient: elements('kernels/binary-cross-entropy'),
    sum: [
      ...blocks(SUM_BLOCK),
      ...along('elements', steps('math/rows')),
      ...along('count', steps('kernels/sum')),
      ...along('count', steps('math/rows'), { inner: 1 }),
      ...along('inner', steps('kernels/sum'), [share]),
      ...along('outer', [threads], { inner: 1 }),
    ],
    add: broadcasts,
    subtract: broadcasts,
    multiply: broadcasts,
    divide: broadcasts,
    broadcastTo: [
      ...along('columns', steps('kernels/move'), [share]),
      ...along('axes', [KERNEL_AXES]),
    ],
    matmul: products,
    linear: products,
    // One number from another, and the same bytes under another shape.
    clipFactor: [],
    reshape: [],
    ...rowEdges(threads),
    ...quantizationEdges(threads),
    ...randomEdges(threads),
  };
}
