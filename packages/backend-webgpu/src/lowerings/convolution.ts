import { elements, type Shape, type Windows } from '@sketchgrad/core';
import * as kernels from '../kernels/convolution/kernel.js';
import { type Lowering, overElements } from '../lowering.js';
import { windowsUniforms } from '../wgsl/windows.js';
import { reduced, reductionScratch } from './reduction.js';

type Attributes = { readonly windows: Windows };

export const convolution: Lowering<Attributes> = {
  op: 'convolution',
  lower: ({ inputs: [x, w, bias], outputs: [y], attributes: { windows } }) => [
    overElements(kernels.convolution, elements(y!), {
      operands: { x, w, bias, y },
      uniforms: {
        ...{ channels: x!.shape[3]!, outputs: w!.shape[0]!, biased: Number(bias !== undefined) },
        ...windowsUniforms(windows),
      },
    }),
  ],
};

export const convolutionInputGradient: Lowering<Attributes> = {
  op: 'convolutionInputGradient',
  lower: ({ inputs: [dy, w], outputs: [dx], attributes: { windows } }) => [
    overElements(kernels.convolutionInputGradient, elements(dx!), {
      operands: { dy, w, dx },
      uniforms: {
        ...{ channels: dx!.shape[3]!, outputs: w!.shape[0]! },
        ...windowsUniforms(windows),
      },
    }),
  ],
};

/** Places whose products are one sum: f32 stays exact enough, and there is work for all. */
export const PLACES = 512;

function partsOf(dy: Shape, dw: Shape) {
  const places = dy[0]! * dy[1]! * dy[2]!;
  const inner = dw[0]! * dw[1]!;
  return { places, inner, parts: Math.max(1, Math.ceil(places / PLACES)) };
}

export const convolutionWeightGradient: Lowering<Attributes> = {
  op: 'convolutionWeightGradient',
  scratch({ inputs: [, dy], outputs: [dw] }, abilities) {
    const { inner, parts } = partsOf(dy!.shape, dw!.shape);
    if (parts === 1) return [];
    return [4 * parts * inner, ...reductionScratch({ outer: 1, size: parts, inner }, abilities)];
  },
  lower({ inputs: [x, dy], outputs: [dw], attributes: { windows } }, { abilities, scratch }) {
    const { places, inner, parts } = partsOf(dy!.shape, dw!.shape);
    const [partial, ...pieces] = scratch;
    const made = overElements(kernels.convolutionWeightGradient, parts * inner, {
      operands: { x, dy, dw: partial ?? dw },
      uniforms: {
        ...{ channels: x!.shape[3]!, outputs: dw!.shape[0]!, chunk: PLACES, places },
        ...windowsUniforms(windows),
      },
    });
    if (!partial) return [made];
    const sum = { terms: 'values', a: partial, y: dw, outer: 1, size: parts, inner } as const;
    return [made, ...reduced(sum, { abilities, scratch: pieces })];
  },
};

export const placesAtPixels: Lowering<Attributes & { readonly at: number }> = {
  op: 'placesAtPixels',
  lower: ({ inputs: [dy], outputs: [found], attributes: { windows, at } }) => [
    overElements(kernels.placesAtPixels, elements(found!), {
      operands: { dy, found },
      uniforms: { outputs: dy!.shape[3]!, at, ...windowsUniforms(windows) },
    }),
  ],
};
