import type { Windows } from '@sketchgrad/core';

/** What a kernel is told of images and of a window over them. */
export const windowArguments = (
  { size, strides, dilation, before, image, places }: Windows,
  channels: number,
): number[] => [
  ...[...image, channels, ...size, ...strides],
  ...[...dilation, ...before, ...places],
];

/** Whether a window is of one pixel, each in its turn: its places are the images' pixels. */
export const isPixelwise = ({ size, strides }: Windows): boolean =>
  [...size, ...strides].every((each) => each === 1);
