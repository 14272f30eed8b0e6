import type { Windows } from '../../ops/windows.js';
import type { ReferenceKernel } from '../kernel.js';
import { windowsAt } from '../windows.js';

type Attributes = { readonly windows: Windows };

export const convolution: ReferenceKernel<Attributes> = {
  op: 'convolution',
  run({ inputs: [x, w, b], outputs: [y], attributes: { windows } }) {
    const [outputs, taken] = w!.shape as [number, number];
    const channels = x!.shape[3]!;
    for (const { place, pixels } of windowsAt(x!.shape[0]!, windows))
      for (let o = 0; o < outputs; o++) {
        let sum = b ? b.data[o]! : 0;
        for (const [at, pixel] of pixels.entries())
          for (let c = 0; pixel >= 0 && c < channels; c++)
            sum += x!.data[pixel * channels + c]! * w!.data[o * taken + at * channels + c]!;
        y!.data[place * outputs + o] = sum;
      }
  },
};

export const convolutionInputGradient: ReferenceKernel<Attributes> = {
  op: 'convolutionInputGradient',
  run({ inputs: [dy, w], outputs: [dx], attributes: { windows } }) {
    const [outputs, taken] = w!.shape as [number, number];
    const channels = dx!.shape[3]!;
    const sums = new Float64Array(dx!.data.length);
    for (const { place, pixels } of windowsAt(dy!.shape[0]!, windows))
      for (const [at, pixel] of pixels.entries())
        for (let c = 0; pixel >= 0 && c < channels; c++)
          for (let o = 0; o < outputs; o++)
            sums[pixel * channels + c]! +=
              dy!.data[place * outputs + o]! * w!.data[o * taken + at * channels + c]!;
    dx!.data.set(sums);
  },
};

export const convolutionWeightGradient: ReferenceKernel<Attributes> = {
  op: 'convolutionWeightGradient',
  run({ inputs: [x, dy], outputs: [dw], attributes: { windows } }) {
    const [outputs, taken] = dw!.shape as [number, number];
    const channels = x!.shape[3]!;
    const sums = new Float64Array(dw!.data.length);
    for (const { place, pixels } of windowsAt(x!.shape[0]!, windows))
      for (const [at, pixel] of pixels.entries())
        for (let c = 0; pixel >= 0 && c < channels; c++)
          for (let o = 0; o < outputs; o++)
            sums[o * taken + at * channels + c]! +=
              dy!.data[place * outputs + o]! * x!.data[pixel * channels + c]!;
    dw!.data.set(sums);
  },
};

export const placesAtPixels: ReferenceKernel<Attributes & { readonly at: number }> = {
  op: 'placesAtPixels',
  run({ inputs: [dy], outputs: [found], attributes: { windows, at } }) {
    const outputs = dy!.shape[3]!;
    found!.data.fill(0);
    for (const { place, pixels } of windowsAt(dy!.shape[0]!, windows))
      for (let o = 0; pixels[at]! >= 0 && o < outputs; o++)
        found!.data[pixels[at]! * outputs + o] = dy!.data[place * outputs + o]!;
  },
};
