import { elements } from '@sketchgrad/core';
import * as kernels from '../kernels/updates/kernel.js';
import { type Lowering, overElements, vectorsOf } from '../lowering.js';

export const adamw: Lowering<{ readonly decay: boolean }> = {
  op: 'adamw',
  lower({ inputs, attributes: { decay } }) {
    const [parameter, gradient, first, second, settings, factor] = inputs;
    return [
      overElements(kernels.adamw, vectorsOf(parameter!), {
        operands: { parameter, gradient, first, second, settings, factor },
        uniforms: { decay: Number(decay), clipped: Number(factor !== undefined) },
      }),
    ];
  },
};

export const moveAverage: Lowering<{ readonly momentum: number; readonly factor: number }> = {
  op: 'moveAverage',
  lower: ({ inputs: [average, x], attributes: { momentum, factor } }) => [
    overElements(kernels.moveAverage, elements(average!), {
      operands: { average, x },
      uniforms: { kept: 1 - momentum, added: momentum * factor },
    }),
  ],
};

export const clipFactor: Lowering<{ readonly limit: number }> = {
  op: 'clipFactor',
  lower: ({ inputs: [squared, settings], outputs: [factor], attributes: { limit } }) => [
    overElements(kernels.clipFactor, 1, {
      operands: { squared, settings, factor },
      uniforms: { limit },
    }),
  ],
};
