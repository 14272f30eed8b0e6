import { checkOneOf, optional } from '../checks/check-members.js';
import { checkOptions, type OptionNames } from '../checks/check-options.js';
import { describeValue } from '../checks/describe-value.js';
import { ShapeError, UsageError } from '../errors.js';
import type { Shape, TensorType } from '../graph/types.js';
import { expectType } from './rules.js';

/** Rows and columns of an image. */
type Pair = readonly [number, number];

const PADDINGS = ['valid', 'same'] as const;

/** How a window moves over images. */
export interface WindowOptions {
  /** Rows and columns of the window. */
  readonly size: Pair;
  /** By how many rows and columns it moves; 1 and 1 unless given. */
  readonly strides?: Pair;
  /** `valid`: within the image; `same`: beyond its ends, so that strides of 1 keep its size. `valid` unless given. */
  readonly padding?: (typeof PADDINGS)[number];
  /** How far apart a window's rows and columns lie; 1 and 1 unless given. */
  readonly dilation?: Pair;
}

/** A window over images of one size: what an op knows of it, as plain data. */
export type Windows = {
  readonly size: Pair;
  readonly strides: Pair;
  readonly dilation: Pair;
  /** Rows above and columns left of the image that the first window covers. */
  readonly before: Pair;
  /** Rows and columns of the images. */
  readonly image: Pair;
  /** Rows and columns of places that the window has. */
  readonly places: Pair;
};

const checkPairFrom =
  (least: number) =>
  (name: string, value: unknown): void => {
    const isPair =
      Array.isArray(value) &&
      value.length === 2 &&
      value.every((each) => Number.isSafeInteger(each) && (each as number) >= least);
    if (!isPair)
      throw new UsageError(
        `${name} must be two whole numbers from ${least} up, but it is ${describeValue(value)}`,
      );
  };

const checkPair = checkPairFrom(1);

/** What {@link WindowOptions} are checked by. */
export const WINDOW_OPTIONS: OptionNames<WindowOptions> = {
  ...{ size: checkPair, strides: optional(checkPair), dilation: optional(checkPair) },
  padding: optional((name, value) => checkOneOf(name, value, PADDINGS)),
};

/** Sizes of images, f32 [batch, rows, columns, channels]. @throws ShapeError for what are none */
export function imageSizes(
  what: string,
  type: TensorType,
): readonly [number, number, number, number] {
  expectType(what, type, 'f32', 4);
  return type.shape as unknown as readonly [number, number, number, number];
}

/**
 * A window over images.
 * @throws UsageError for options that there are not; ShapeError for a window that is larger than the image
 */
export function windowsOver(x: TensorType, options: WindowOptions): Windows {
  checkOptions('a window over images', options, WINDOW_OPTIONS);
  const { size, strides = [1, 1], padding = 'valid', dilation = [1, 1] } = options;
  const [, rows, columns] = imageSizes('x', x);
  const image: Pair = [rows, columns];
  const along = (axis: 0 | 1) => {
    const covered = (size[axis] - 1) * dilation[axis] + 1;
    if (padding === 'same') {
      const places = Math.ceil(image[axis] / strides[axis]);
      const more = Math.max(0, (places - 1) * strides[axis] + covered - image[axis]);
      return { places, before: Math.floor(more / 2) };
    }
    if (covered > image[axis])
      throw new ShapeError(
        `the window covers ${covered} ${axis === 0 ? 'rows' : 'columns'}, the image has ${image[axis]}`,
      );
    return { places: Math.floor((image[axis] - covered) / strides[axis]) + 1, before: 0 };
  };
  const [vertical, horizontal] = [along(0), along(1)];
  return {
    ...{ size: [...size], strides: [...strides], dilation: [...dilation], image },
    before: [vertical.before, horizontal.before],
    places: [vertical.places, horizontal.places],
  } as Windows;
}

/** The shape of what a window makes of images. */
export const placesShape = (batch: number, { places }: Windows, channels: number): Shape => [
  batch,
  ...places,
  channels,
];

/** Elements of the image that a window has at one place, but for channels. */
export const windowElements = ({ size }: Windows): number => size[0] * size[1];

/** @throws ShapeError unless images and places are those of the window */
export function expectImages(what: string, type: TensorType, { image }: Windows): void {
  const [, rows, columns] = imageSizes(what, type);
  if (rows !== image[0] || columns !== image[1])
    throw new ShapeError(
      `${what} must be images of ${image.join(' × ')}, not ${rows} × ${columns}`,
    );
}

/** @throws ShapeError unless it has the window's places */
export function expectPlaces(what: string, type: TensorType, { places }: Windows): void {
  const [, rows, columns] = imageSizes(what, type);
  if (rows !== places[0] || columns !== places[1])
    throw new ShapeError(
      `${what} must have ${places.join(' × ')} places, not ${rows} × ${columns}`,
    );
}

/** @throws UsageError for what is no window over images */
export function checkWindows(of: string, windows: Windows): void {
  checkOptions(`${of}'s windows`, windows, {
    ...{ size: checkPair, strides: checkPair, dilation: checkPair, image: checkPair },
    ...{ places: checkPair, before: checkPairFrom(0) },
  });
}
