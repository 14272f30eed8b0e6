import type { Windows } from '../ops/windows.js';

/** A place of a window, and where in the image what it has there begins, row after row: −1 beyond the image. */
export interface WindowAt {
  /** Position of the place, counted over all images. */
  readonly place: number;
  /** Position of each pixel, counted over all images, or −1. */
  readonly pixels: readonly number[];
}

/** Every place of a window over so many images. */
export function* windowsAt(batch: number, windows: Windows): Iterable<WindowAt> {
  const { size, strides, dilation, before, image, places } = windows;
  let place = 0;
  for (let at = 0; at < batch; at++)
    for (let down = 0; down < places[0]; down++)
      for (let across = 0; across < places[1]; across++, place++) {
        const pixels: number[] = [];
        for (let i = 0; i < size[0]; i++)
          for (let j = 0; j < size[1]; j++) {
            const row = down * strides[0] - before[0] + i * dilation[0];
            const column = across * strides[1] - before[1] + j * dilation[1];
            const isWithin = row >= 0 && row < image[0] && column >= 0 && column < image[1];
            pixels.push(isWithin ? (at * image[0] + row) * image[1] + column : -1);
          }
        yield { place, pixels };
      }
}
