import type { Edges } from '@sketchgrad/testing';
import {
  DRAWN_TOGETHER,
  LONG_QUERIES,
  longFrom,
  PANEL,
  QUERIES,
} from '../../src/kernels/attention.js';
import { GROUP_BYTES } from '../../src/kernels/count-sketch.js';
import { GROUP_WORDS } from '../../src/kernels/permutation.js';
import { KINDS, TILE_ROWS } from '../../src/kernels/sketch-tile.js';
import { LEAST_WIDTH, STRIP_FLOATS } from '../../src/kernels/transform-sketch.js';
import { constantOf, LINE, steps } from './assembly.js';
import { along } from './edge.js';

/** Where the kernels turn that draw random numbers. */
export function randomEdges(threads: number): Edges {
  const share = LINE * threads;
  const units = Object.values(KINDS).map(({ unit }) => unit);
  /** Rows of x to a tile, for each kind of entry. */
  const tiles = units.map((unit) => Math.floor(TILE_ROWS / unit) * unit);
  const perBlock = ['GAUSSIANS', 'SIGNS'].map((name) => constantOf('kernels/sketch-tile', name));
  const signsOfGroup = GROUP_BYTES * 8;
  const size = 64;
  /** A head that is long before its queries are of another block. */
  const long = { size, heads: 1, batch: 1 };
  const attention = [
    ...along('sequence', steps('attention/rows'), [constantOf('attention/product', 'ROWS'), PANEL]),
    ...along('sequence', [QUERIES, 2 * QUERIES, DRAWN_TOGETHER], { size: 1 }),
    ...along('sequence', [longFrom(size), LONG_QUERIES, 2 * LONG_QUERIES], long),
    ...along('size', [4, PANEL, 2 * PANEL]),
    ...along('size', [size], { ...long, sequence: LONG_QUERIES }),
    // A short sequence beside a long one.
    ...along('sequence', [longFrom(size)], { ...long, batch: 2 }),
    ...along('heads', [threads], { batch: 1 }),
    ...along('batch', [threads], { heads: 1 }),
    // A thread's share of one long sequence among short ones.
    ...along('batch', [8], { sequence: 9 }),
  ];
  const pooling = [
    ...along('sequence', steps('attention/rows'), [PANEL, DRAWN_TOGETHER]),
    ...along('size', steps('kernels/attention-pooling')),
    ...along('heads', [threads], { batch: 1 }),
    ...along('batch', [threads], { heads: 1 }),
  ];
  const draws = along('count', [LINE, share]);
  return {
    dropout: along('elements', steps('kernels/dropout'), [LINE, share]),
    attention,
    attentionGradient: attention,
    attentionPooling: pooling,
    attentionPoolingGradient: pooling,
    sketch: [
      ...along('rows', perBlock, units, tiles),
      ...along(
        'rows',
        [...units, ...tiles].map((rows) => rows * threads),
      ),
      ...along('kept', steps('kernels/sketch-tile')),
      ...along('features', steps('partial-sums')),
      ...along('blockRows', units, tiles),
    ],
    countSketch: [
      ...along('rows', [GROUP_WORDS, signsOfGroup]),
      // So many rows to each of two bins.
      ...along(
        'rows',
        steps('kernels/count-sketch').map((rows) => 2 * rows),
        { kept: 2 },
      ),
      ...along('kept', [threads]),
      ...along('features', steps('kernels/count-sketch'), [share]),
    ],
    transformSketch: [
      ...along('rows', perBlock, [signsOfGroup]),
      ...along('kept', [GROUP_WORDS, 2 * GROUP_WORDS]),
      ...along('features', [4, LEAST_WIDTH, LEAST_WIDTH * threads], {
        rows: STRIP_FLOATS / LEAST_WIDTH,
        kept: 2,
      }),
      ...along('blockRows', perBlock),
    ],
    permutation: along('rows', [GROUP_WORDS], { segments: 1 }),
    sampleRows: draws,
    uniformRows: draws,
    winnerRows: [...draws, ...along('rows', [LINE, share])],
  };
}
