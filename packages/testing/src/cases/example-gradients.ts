import { exampleGradientNorms } from '@sketchgrad/core';
import { between, startsOf } from '../data.js';
import type { OperationCase } from './case.js';

/** Rows of each example, features of x and y, rows behind the last one. */
export interface ExampleSizes {
  readonly lengths: readonly number[];
  readonly features: number;
  readonly outputs: number;
  readonly spare?: number;
}

const SIZES: readonly ExampleSizes[] = [
  { lengths: [1], features: 1, outputs: 1 },
  { lengths: [3, 1, 4], features: 5, outputs: 7 },
  { lengths: [2, 0, 5], features: 8, outputs: 3, spare: 3 },
  { lengths: [], features: 3, outputs: 2, spare: 2 },
  { lengths: [40, 1, 1, 2], features: 65, outputs: 34 },
];

export function exampleGradientNormsAt(sizes: ExampleSizes): OperationCase {
  const { lengths, features, outputs, spare = 0 } = sizes;
  const rows = lengths.reduce((sum, length) => sum + length, spare);
  return {
    op: 'exampleGradientNorms',
    name: `lengths [${lengths.join(', ')}] and ${spare}, [${features}, ${outputs}]`,
    inputs: {
      x: between([rows, features]),
      y: between([rows, outputs]),
      starts: startsOf(lengths),
    },
    build: ({ x, y, starts }) => [exampleGradientNorms(x!, y!, starts!)],
  };
}

export const exampleGradientCases: readonly OperationCase[] = SIZES.map(exampleGradientNormsAt);
