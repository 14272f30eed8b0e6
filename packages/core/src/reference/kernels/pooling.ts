import type { Windows } from '../../ops/windows.js';
import type { ReferenceKernel } from '../kernel.js';
import { windowsAt } from '../windows.js';

type Attributes = { readonly windows: Windows };

const within = (pixels: readonly number[]): number[] => pixels.filter((pixel) => pixel >= 0);

export const maxPooling: ReferenceKernel<Attributes> = {
  op: 'maxPooling',
  run({ inputs: [x], outputs: [y], attributes: { windows } }) {
    const channels = x!.shape[3]!;
    for (const { place, pixels } of windowsAt(x!.shape[0]!, windows))
      for (let c = 0; c < channels; c++)
        y!.data[place * channels + c] = Math.max(
          ...within(pixels).map((pixel) => x!.data[pixel * channels + c]!),
        );
  },
};

export const maxPoolingGradient: ReferenceKernel<Attributes> = {
  op: 'maxPoolingGradient',
  run({ inputs: [x, dy], outputs: [dx], attributes: { windows } }) {
    const channels = x!.shape[3]!;
    const sums = new Float64Array(dx!.data.length);
    for (const { place, pixels } of windowsAt(x!.shape[0]!, windows))
      for (let c = 0; c < channels; c++) {
        const at = (pixel: number): number => x!.data[pixel * channels + c]!;
        const largest = within(pixels).reduce((best, pixel) =>
          at(pixel) > at(best) ? pixel : best,
        );
        sums[largest * channels + c]! += dy!.data[place * channels + c]!;
      }
    dx!.data.set(sums);
  },
};

export const averagePooling: ReferenceKernel<Attributes> = {
  op: 'averagePooling',
  run({ inputs: [x], outputs: [y], attributes: { windows } }) {
    const channels = x!.shape[3]!;
    for (const { place, pixels } of windowsAt(x!.shape[0]!, windows)) {
      const own = within(pixels);
      for (let c = 0; c < channels; c++) {
        const sum = own.reduce((total, pixel) => total + x!.data[pixel * channels + c]!, 0);
        y!.data[place * channels + c] = sum / own.length;
      }
    }
  },
};

export const averagePoolingGradient: ReferenceKernel<Attributes> = {
  op: 'averagePoolingGradient',
  run({ inputs: [dy], outputs: [dx], attributes: { windows } }) {
    const channels = dy!.shape[3]!;
    const sums = new Float64Array(dx!.data.length);
    for (const { place, pixels } of windowsAt(dy!.shape[0]!, windows)) {
      const own = within(pixels);
      for (const pixel of own)
        for (let c = 0; c < channels; c++)
          sums[pixel * channels + c]! += dy!.data[place * channels + c]! / own.length;
    }
    dx!.data.set(sums);
  },
};
