import { fewBitGelu, fewBitGeluGradient, GELU_BITS, type Shape } from '@sketchgrad/core';
import { between, exactly, indices } from '../data.js';
import { named, type OperationCase } from './case.js';

const SHAPES: readonly Shape[] = [[], [0], [1], [3], [31], [32], [33], [2, 35], [9, 67], [130, 67]];

const words = (shape: Shape, bits: number): number =>
  Math.ceil(shape.reduce((n, size) => n * size, 1) / 32) * bits;

export const fewBitGeluAt = (shape: Shape): OperationCase[] =>
  GELU_BITS.flatMap((bits): OperationCase[] => [
    {
      op: 'fewBitGelu',
      name: `${named(shape)}, ${bits} bits`,
      // Far left GELU is near 0, to within so much of the others alone.
      inputs: { x: between(shape, shape.length < 2 ? -1 : -4, 4) },
      build: ({ x }) => fewBitGelu(x!, { bits }).node.outputs,
    },
    {
      op: 'fewBitGeluGradient',
      name: `${named(shape)}, ${bits} bits`,
      inputs: { dy: between(shape), codes: indices([words(shape, bits)], 2 ** 31) },
      build: ({ dy, codes }) => [
        fewBitGeluGradient(codes!, dy!, {
          bits,
          values: Float32Array.from({ length: 2 ** bits }, (_, k) => 1.3 ** k - 2),
        }),
      ],
    },
  ]);

export const fewBitGeluCases: readonly OperationCase[] = [
  ...SHAPES.flatMap(fewBitGeluAt),
  ...GELU_BITS.map(
    (bits): OperationCase => ({
      op: 'fewBitGelu',
      name: `of numbers far out, ${bits} bits`,
      inputs: { x: exactly([6], [-1e30, -40, -0, 0, 40, 1e30]) },
      build: ({ x }) => fewBitGelu(x!, { bits }).node.outputs,
    }),
  ),
];
