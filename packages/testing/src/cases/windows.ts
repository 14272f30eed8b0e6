import {
  averagePooling,
  averagePoolingGradient,
  convolution,
  convolutionInputGradient,
  convolutionWeightGradient,
  maxPooling,
  maxPoolingGradient,
  placesAtPixels,
  type WindowOptions,
  type Windows,
  windowsOver,
} from '@sketchgrad/core';
import { between } from '../data.js';
import { named, type OperationCase } from './case.js';

/** Images, a window over them, and what a convolution makes of a place. */
export interface WindowSizes {
  readonly images: readonly [batch: number, rows: number, columns: number, channels: number];
  readonly options: WindowOptions;
  readonly outputs: number;
}

/** The window as an op has it. */
const windowsOf = ({ images, options }: WindowSizes): Windows =>
  windowsOver({ dtype: 'f32', shape: images }, options);

/** Every op over windows at some sizes. */
export function windowsAt(sizes: WindowSizes): OperationCase[] {
  const { images, options, outputs } = sizes;
  const windows = windowsOf(sizes);
  const channels = images[3];
  const places = [images[0], ...windows.places] as const;
  const taken = windows.size[0] * windows.size[1] * channels;
  const { size, strides = [1, 1], dilation = [1, 1], padding = 'valid' } = options;
  const name = `${named(images)} ${size.join('×')} by ${strides.join('×')} ${padding} ${dilation.join('×')}`;
  return [
    ...[true, false].map(
      (bias): OperationCase => ({
        op: 'convolution',
        name: `${name} to ${outputs}${bias ? '' : ' without a bias'}`,
        inputs: {
          x: between(images),
          w: between([outputs, taken]),
          ...(bias ? { b: between([outputs]) } : {}),
        },
        build: ({ x, w, b }) => [convolution(x!, w!, b, options)],
      }),
    ),
    {
      op: 'convolutionInputGradient',
      name: `${name} from ${outputs}`,
      inputs: { dy: between([...places, outputs]), w: between([outputs, taken]) },
      build: ({ dy, w }) => [convolutionInputGradient(dy!, w!, windows)],
    },
    {
      op: 'convolutionWeightGradient',
      name: `${name} from ${outputs}`,
      inputs: { x: between(images), dy: between([...places, outputs]) },
      build: ({ x, dy }) => [convolutionWeightGradient(x!, dy!, windows)],
    },
    ...[0, windows.size[0] * windows.size[1] - 1].map(
      (at): OperationCase => ({
        op: 'placesAtPixels',
        name: `${name} from ${outputs}, pixel ${at}`,
        inputs: { dy: between([...places, outputs]) },
        build: ({ dy }) => [placesAtPixels(dy!, windows, at)],
      }),
    ),
    {
      op: 'maxPooling',
      name,
      inputs: { x: between(images) },
      build: ({ x }) => [maxPooling(x!, options)],
    },
    {
      op: 'maxPoolingGradient',
      name,
      inputs: { x: between(images), dy: between([...places, channels]) },
      build: ({ x, dy }) => [maxPoolingGradient(x!, dy!, windows)],
    },
    {
      op: 'averagePooling',
      name,
      inputs: { x: between(images) },
      build: ({ x }) => [averagePooling(x!, options)],
    },
    {
      op: 'averagePoolingGradient',
      name,
      inputs: { dy: between([...places, channels]) },
      build: ({ dy }) => [averagePoolingGradient(dy!, windows)],
    },
  ];
}

const SIZES: readonly WindowSizes[] = [
  { images: [1, 1, 1, 1], options: { size: [1, 1] }, outputs: 1 },
  { images: [2, 5, 4, 3], options: { size: [3, 3], padding: 'same' }, outputs: 5 },
  { images: [2, 7, 6, 5], options: { size: [3, 2], strides: [2, 3], padding: 'same' }, outputs: 2 },
  { images: [3, 6, 6, 4], options: { size: [2, 2], strides: [2, 2] }, outputs: 4 },
  {
    images: [1, 9, 1, 2],
    options: { size: [3, 1], dilation: [2, 1], padding: 'same' },
    outputs: 3,
  },
  { images: [2, 1, 11, 3], options: { size: [1, 4], strides: [1, 2] }, outputs: 6 },
  { images: [2, 4, 3, 9], options: { size: [1, 1], strides: [2, 1] }, outputs: 7 },
  { images: [2, 4, 3, 5], options: { size: [1, 1] }, outputs: 3 },
  { images: [0, 3, 3, 2], options: { size: [2, 2] }, outputs: 3 },
];

export const windowCases: readonly OperationCase[] = [
  ...SIZES.flatMap(windowsAt),
  {
    op: 'maxPoolingGradient',
    name: 'numbers that tie: the first of them',
    inputs: { x: between([1, 3, 3, 2], 1, 1), dy: between([1, 2, 2, 2]) },
    build: ({ x, dy }) => [
      maxPoolingGradient(
        x!,
        dy!,
        windowsOf({ images: [1, 3, 3, 2], options: { size: [2, 2] }, outputs: 1 }),
      ),
    ],
  },
];
