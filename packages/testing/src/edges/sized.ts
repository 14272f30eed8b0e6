import { attentionAt, zeroRowsBehindAt } from '../cases/attention.js';
import { batchAt } from '../cases/batch.js';
import { binaryCrossEntropyAt } from '../cases/binary-cross-entropy.js';
import type { OperationCase } from '../cases/case.js';
import { copiesAt } from '../cases/copies.js';
import { drawnRowsAt } from '../cases/drawn-rows.js';
import { broadcastingAt, elementWiseAt } from '../cases/element-wise.js';
import { exampleGradientNormsAt } from '../cases/example-gradients.js';
import { fewBitGeluAt } from '../cases/few-bit-gelu.js';
import { indexedAt } from '../cases/indexed.js';
import { productAt } from '../cases/products.js';
import { projectionAt, quantizationAt, rankingAt } from '../cases/quantization.js';
import { dropoutAt, rowWiseAt } from '../cases/row-wise.js';
import {
  broadcastAt,
  concatenateAt,
  matrixAt,
  permuteAt,
  sliceAt,
  squaredNormAt,
  sumAt,
} from '../cases/shape-changing.js';
import {
  countAt,
  cutSketchAt,
  KINDS,
  permutationAt,
  sketchAt,
  transformAt,
} from '../cases/sketches.js';
import { sparseAt } from '../cases/sparse.js';
import { updatesAt } from '../cases/updates.js';
import { windowsAt } from '../cases/windows.js';
import type { Sizes } from './edge.js';

/** Cases of some ops at any sizes. */
interface Sized {
  readonly ops: readonly string[];
  /** Sizes that are not said; a name that is missing here is one that the cases do without. */
  readonly usual: Sizes;
  /** Names of further sizes, which change what the cases are of. */
  readonly further?: readonly string[];
  cases(sizes: Record<string, number>): readonly OperationCase[];
}

/** Two shapes of so many axes that broadcast along every other of them: none can be joined. */
const alternating = (axes: number, from: 0 | 1): number[] =>
  Array.from({ length: axes }, (_, axis) => ((axis + from) % 2 === 0 ? 2 : 1));

const SIZED: readonly Sized[] = [
  {
    ops: [
      ...['scale', 'relu', 'reluGradient', 'tanh', 'exponential', 'logarithm', 'squareRoot'],
      ...['gelu', 'geluGradient', 'fewBitGelu', 'fewBitGeluGradient', 'dropout', 'squaredNorm'],
      ...['binaryCrossEntropy', 'binaryCrossEntropyGradient', 'copyToHost', 'copyFromHost'],
      ...['adamw', 'accumulate', 'clear'],
    ],
    usual: { elements: 7 },
    cases: ({ elements }) => {
      const shape = [elements!];
      return [
        ...[...elementWiseAt(shape), ...fewBitGeluAt(shape), ...dropoutAt(shape)],
        ...[squaredNormAt(shape), ...copiesAt(shape), ...updatesAt(shape)],
        ...(elements! > 0 ? binaryCrossEntropyAt(shape) : []),
      ];
    },
  },
  {
    ops: ['add', 'subtract', 'multiply', 'divide', 'broadcastTo'],
    usual: { rows: 3, columns: 5 },
    further: ['axes'],
    cases: ({ rows, columns, axes }) => {
      if (axes !== undefined) {
        const [a, b] = [alternating(axes, 0), alternating(axes, 1)];
        const whole = new Array<number>(axes).fill(2);
        return [...broadcastingAt(a, b), broadcastAt(a, whole), broadcastAt(b, whole)];
      }
      const whole = [rows!, columns!];
      return [whole, [columns!], [rows!, 1], []].flatMap((shape) => [
        ...broadcastingAt(whole, shape),
        broadcastAt(shape, whole),
      ]);
    },
  },
  {
    ops: [
      ...['normalize', 'normalizeGradient', 'affine', 'affineGradient', 'softmax'],
      ...['crossEntropy', 'crossEntropyGradient', 'rowSquaredNorms', 'transpose'],
      ...['batchNormalize', 'batchNormalizeGradient', 'moveAverage'],
    ],
    usual: { rows: 3, features: 5 },
    cases: ({ rows, features }) => {
      const size = [rows!, features!] as const;
      // Statistics over rows need two.
      return [...rowWiseAt(size), ...matrixAt(size), ...(rows! > 1 ? batchAt(size) : [])];
    },
  },
  {
    ops: ['sum'],
    usual: { outer: 2, count: 3, inner: 5 },
    further: ['elements'],
    cases: ({ outer, count, inner, elements }) =>
      elements === undefined
        ? [sumAt([outer!, count!, inner!], 1), ...(inner === 1 ? [sumAt([outer!, count!], 1)] : [])]
        : [sumAt([elements], 0)],
  },
  {
    ops: ['gather', 'scatterAdd'],
    usual: { rows: 5, features: 3, count: 4 },
    cases: ({ rows, features, count }) => indexedAt([rows!, features!, count!]),
  },
  {
    ops: ['matmul', 'linear'],
    usual: { rows: 5, inner: 6, columns: 7 },
    cases: ({ rows, inner, columns }) => productAt([rows!, inner!, columns!]),
  },
  {
    ops: ['quantize', 'dequantize', 'quantizedMatmul', 'roundingVariance', 'rotateFeatures'],
    usual: { rows: 5, features: 7, group: 128 },
    cases: ({ rows, features, group }) => quantizationAt([rows!, features!, group!]),
  },
  {
    ops: ['projectFeatures'],
    usual: { rows: 3, features: 7, columns: 5 },
    cases: ({ rows, features, columns }) => projectionAt([rows!, features!, columns!]),
  },
  { ops: ['rankRows'], usual: { rows: 3 }, cases: ({ rows }) => [rankingAt(rows!)] },
  {
    ops: ['sketch'],
    usual: { rows: 31, features: 3, kept: 5 },
    further: ['blockRows'],
    cases: ({ rows, features, kept, blockRows }) =>
      KINDS.map((kind) =>
        blockRows === undefined
          ? sketchAt(kind, [rows!, features!, kept!])
          : cutSketchAt(kind, [2 * blockRows, features!, kept!, blockRows]),
      ),
  },
  {
    ops: ['countSketch'],
    usual: { rows: 31, features: 3, kept: 5 },
    further: ['blockRows'],
    cases: ({ rows, features, kept, blockRows }) => countAt([rows!, features!, kept!, blockRows]),
  },
  {
    ops: ['transformSketch'],
    usual: { rows: 31, features: 3, kept: 5 },
    further: ['blockRows'],
    cases: ({ rows, features, kept, blockRows }) =>
      transformAt([rows!, features!, kept!, blockRows]),
  },
  {
    ops: ['permutation'],
    usual: { rows: 7, segments: 2 },
    cases: ({ rows, segments }) => [permutationAt(rows!, segments!)],
  },
  {
    ops: ['sampleRows', 'winnerRows', 'uniformRows'],
    usual: { rows: 300, count: 5 },
    cases: ({ rows, count }) => drawnRowsAt(rows!, Math.min(count!, rows!)),
  },
  {
    ops: ['sparseMatmul'],
    usual: { rows: 5, columns: 7, features: 3, entries: 3 },
    cases: ({ rows, columns, features, entries }) =>
      sparseAt([rows!, columns!, features!], entries!),
  },
  {
    ops: ['attention', 'attentionGradient', 'attentionPooling', 'attentionPoolingGradient'],
    usual: { batch: 2, sequence: 7, heads: 2, size: 3 },
    cases: ({ batch, sequence, heads, size }) =>
      [0, 0.3].flatMap((rate) => {
        const lengths = Array.from({ length: batch! }, (_, i) => Math.max(0, sequence! - i));
        return attentionAt({ lengths, spare: 1, masked: 5, heads: heads!, size: size!, rate });
      }),
  },
  {
    ops: [
      ...['convolution', 'convolutionInputGradient', 'convolutionWeightGradient', 'placesAtPixels'],
      ...['maxPooling', 'maxPoolingGradient', 'averagePooling', 'averagePoolingGradient'],
    ],
    usual: { batch: 2, rows: 4, columns: 3, channels: 3, outputs: 4, window: 2 },
    cases: ({ batch, rows, columns, channels, outputs, window }) =>
      windowsAt({
        images: [batch!, rows!, columns!, channels!],
        options: { size: [window!, window!], padding: 'same' },
        outputs: outputs!,
      }),
  },
  {
    ops: ['concatenate', 'slice'],
    usual: { outer: 3, size: 5, inner: 2 },
    cases: ({ outer, size, inner }) => [
      concatenateAt(
        [
          [outer!, size!, inner!],
          [outer!, 2, inner!],
        ],
        1,
      ),
      sliceAt([outer!, size! + 2, inner!], { axis: 1, begin: 1, size: size! }),
    ],
  },
  {
    ops: ['permuteAxes'],
    usual: { outer: 3, size: 5, inner: 2 },
    cases: ({ outer, size, inner }) => [
      permuteAt([outer!, size!, inner!], [1, 0, 2]),
      permuteAt([outer!, size!, inner!], [2, 1, 0]),
    ],
  },
  {
    ops: ['zeroRowsBehind'],
    usual: { rows: 5, features: 3, behind: 2 },
    cases: ({ rows, features, behind }) => [zeroRowsBehindAt([rows!, features!, behind!])],
  },
  {
    ops: ['exampleGradientNorms'],
    usual: { batch: 2, rows: 3, features: 5, outputs: 4 },
    cases: ({ batch, rows, features, outputs }) => [
      exampleGradientNormsAt({
        lengths: Array.from({ length: batch! }, () => rows!),
        ...{ features: features!, outputs: outputs! },
      }),
    ],
  },
];

/**
 * The cases of an op at some sizes.
 * @throws Error for an op that has none, or a size by another name: a mistake in a backend's edges
 */
export function casesAt(op: string, sizes: Sizes): readonly OperationCase[] {
  const sized = SIZED.find(({ ops }) => ops.includes(op));
  if (!sized) throw new Error(`${op} has no cases of any size in the suite's edges/sized.ts`);
  const known = [...Object.keys(sized.usual), ...(sized.further ?? [])];
  for (const name of Object.keys(sizes))
    if (!known.includes(name))
      throw new Error(`${op} has no size '${name}'; it has: ${known.join(', ')}`);
  return sized.cases({ ...sized.usual, ...sizes }).filter((test) => test.op === op);
}
