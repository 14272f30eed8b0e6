import { elements, type Shape } from '@sketchgrad/core';
import * as kernels from '../kernels/batch-normalize/kernel.js';
import { type Lowering, overElements } from '../lowering.js';
import { reduced, reductionScratch } from './reduction.js';
import { checkedStarts, usedBy, usedUniforms } from './used-rows.js';

const extentOf = ([rows, features]: Shape) => ({ outer: 1, size: rows!, inner: features! });

/** Rows that have a variance. */
const LEAST = { least: 2 };

export const batchNormalize: Lowering<{ readonly epsilon: number }> = {
  op: 'batchNormalize',
  scratch: ({ inputs: [x] }, abilities) => {
    const bytes = 4 * x!.shape[1]!;
    return [bytes, bytes, ...reductionScratch(extentOf(x!.shape), abilities)];
  },
  lower(node, { abilities, scratch: [squares, small, ...pieces] }) {
    const { inputs, outputs, attributes } = node;
    const [x, starts] = inputs;
    const [y, inverses, means, variances] = outputs;
    const extent = extentOf(x!.shape);
    const { size: rows, inner: features } = extent;
    const uniforms = usedUniforms(rows, starts);
    const mean = { ...extent, used: usedBy(starts), averaged: true, a: x };
    const about = { ...mean, terms: 'squares', center: means } as const;
    const { epsilon } = attributes;
    return [
      ...checkedStarts(node, starts, rows, LEAST),
      ...reduced({ ...mean, terms: 'values', y: means }, { abilities, scratch: pieces }),
      ...reduced({ ...about, y: squares }, { abilities, scratch: pieces }),
      ...reduced({ ...about, scaling: kernels.SCALING, y: small }, { abilities, scratch: pieces }),
      overElements(kernels.deviations, features, {
        operands: { squares, small, starts, inverses, variances },
        uniforms: { epsilon, corrected: Number(starts !== undefined), ...uniforms },
      }),
      overElements(kernels.standardize, elements(x!), {
        operands: { x, means, inverses, starts, y },
        uniforms: { features, ...uniforms },
      }),
    ];
  },
};

export const batchNormalizeGradient: Lowering = {
  op: 'batchNormalizeGradient',
  scratch: ({ inputs: [y] }, abilities) => {
    const bytes = 4 * y!.shape[1]!;
    return [bytes, bytes, ...reductionScratch(extentOf(y!.shape), abilities)];
  },
  lower(node, { abilities, scratch: [means, along, ...pieces] }) {
    const { inputs, outputs } = node;
    const [y, inverse, dy, starts] = inputs;
    const extent = extentOf(y!.shape);
    const used = usedBy(starts);
    return [
      ...checkedStarts(node, starts, extent.size, LEAST),
      ...reduced(
        { ...extent, used, terms: 'values', averaged: true, a: dy, y: means },
        { abilities, scratch: pieces },
      ),
      ...reduced(
        { ...extent, used, terms: 'products', averaged: true, a: dy, b: y, y: along },
        { abilities, scratch: pieces },
      ),
      overElements(kernels.batchNormalizeGradient, elements(y!), {
        operands: { y, inverse, dy, means, along, starts, dx: outputs[0] },
        uniforms: { features: extent.inner, ...usedUniforms(extent.size, starts) },
      }),
    ];
  },
};
