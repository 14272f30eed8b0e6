import { elements, type Value, type Windows } from '@sketchgrad/core';
import * as kernels from '../kernels/pooling/kernel.js';
import { type Lowering, overElements } from '../lowering.js';
import { windowsUniforms } from '../wgsl/windows.js';

type Attributes = { readonly windows: Windows };

const uniformsOf = (averaged: boolean, images: Value, windows: Windows) => ({
  ...{ channels: images.shape[3]!, averaged: Number(averaged) },
  ...windowsUniforms(windows),
});

const pooled = (op: string, averaged: boolean): Lowering<Attributes> => ({
  op,
  lower: ({ inputs: [x], outputs: [y], attributes: { windows } }) => [
    overElements(kernels.pooling, elements(y!), {
      operands: { x, y },
      uniforms: uniformsOf(averaged, x!, windows),
    }),
  ],
});

export const maxPooling = pooled('maxPooling', false);
export const averagePooling = pooled('averagePooling', true);

const gradientOf = (
  { windows }: Attributes,
  operands: { readonly x: Value | undefined; readonly dy: Value; readonly dx: Value },
) => [
  overElements(kernels.poolingGradient, elements(operands.dx), {
    operands,
    uniforms: uniformsOf(operands.x === undefined, operands.dx, windows),
  }),
];

export const maxPoolingGradient: Lowering<Attributes> = {
  op: 'maxPoolingGradient',
  lower: ({ inputs: [x, dy], outputs: [dx], attributes }) =>
    gradientOf(attributes, { x, dy: dy!, dx: dx! }),
};

export const averagePoolingGradient: Lowering<Attributes> = {
  op: 'averagePoolingGradient',
  lower: ({ inputs: [dy], outputs: [dx], attributes }) =>
    gradientOf(attributes, { x: undefined, dy: dy!, dx: dx! }),
};
