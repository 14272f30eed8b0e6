import { type Attributes, elements, type Windows } from '@sketchgrad/core';
import type { Tensor } from '@tensorflow/tfjs-core';
import type { LoweringContext } from '../lowering.js';
import type { NodeOf } from '../node-of.js';
import { done } from '../tensors/done.js';
import { added, holdAdded } from './added.js';
import { Held } from './held.js';

/** What an op over images is told. */
export type WindowAttributes = Attributes & { readonly windows: Windows };

/** Numbers of patches that are there at once, but for those of one place. */
const TILE = 1 << 20;

/** Places of a window, counted over all images, that are worked on at once. */
export interface PlaceTile {
  readonly first: number;
  readonly count: number;
}

/** How many images there are, and what a window has of them. */
export interface WindowSizes {
  readonly windows: Windows;
  /** Pixels of all images. */
  readonly pixels: number;
  /** Places of all images. */
  readonly places: number;
  /** Pixels of a window. */
  readonly taken: number;
  readonly channels: number;
}

/** @param channels of the images */
export function windowSizes(
  { attributes: { windows } }: NodeOf<WindowAttributes>,
  batch: number,
  channels: number,
): WindowSizes {
  const count = ([rows, columns]: readonly [number, number]) => batch * rows * columns;
  const [pixels, places] = [count(windows.image), count(windows.places)];
  const taken = windows.size[0] * windows.size[1];
  return { windows, pixels, places, taken, channels };
}

/** The places cut into tiles of patches. */
export function placeTiles({ places, taken, channels }: WindowSizes): readonly PlaceTile[] {
  const each = Math.max(1, Math.floor(TILE / Math.max(1, taken * channels)));
  return Array.from({ length: Math.ceil(places / each) }, (_, at) => {
    const first = at * each;
    return { first, count: Math.min(each, places - first) };
  });
}

/**
 * The pixels of each place's window, counted over all images; beyond an image the one behind all of them.
 * i32 [count · taken]
 */
export function pixelsAt(
  { windows, pixels, taken }: WindowSizes,
  { first, count }: PlaceTile,
): Int32Array {
  const { size, strides, dilation, before, image, places } = windows;
  const found = new Int32Array(count * taken).fill(pixels);
  const perImage = places[0] * places[1];
  for (let i = 0; i < count; i++) {
    const place = first + i;
    const at = Math.floor(place / perImage);
    const down = Math.floor((place % perImage) / places[1]);
    const across = place % places[1];
    for (let y = 0; y < size[0]; y++) {
      const row = down * strides[0] - before[0] + y * dilation[0];
      if (row < 0 || row >= image[0]) continue;
      for (let x = 0; x < size[1]; x++) {
        const column = across * strides[1] - before[1] + x * dilation[1];
        if (column < 0 || column >= image[1]) continue;
        found[i * taken + y * size[1] + x] = (at * image[0] + row) * image[1] + column;
      }
    }
  }
  return found;
}

/** Images as rows of pixels, with one more behind them for what is beyond an image. [pixels + 1, channels] */
export const withBeyond = (
  x: Tensor,
  { pixels, channels }: WindowSizes,
  value: number,
  { tf, view }: LoweringContext,
): Tensor =>
  tf.pad(
    view(x, [pixels, channels]),
    [
      [0, 1],
      [0, 0],
    ],
    value,
  );

/** Patches of a tile. [count, taken, channels] */
export function patchesOf(
  images: Tensor,
  tile: PlaceTile,
  sizes: WindowSizes,
  { tf, upload, view }: LoweringContext,
): Tensor {
  const pixels = upload(pixelsAt(sizes, tile));
  const patches = tf.gather(images, pixels as never);
  pixels.dispose();
  return view(patches, [tile.count, sizes.taken, sizes.channels]);
}

/** Rows of a tile, of what has one for each place. */
export const placesOf = (
  x: Tensor,
  { first, count }: PlaceTile,
  { places }: WindowSizes,
  { tf, view }: LoweringContext,
): Tensor => {
  const columns = x.size / places;
  return tf.slice(view(x, [places, columns]), [first, 0], [count, columns]);
};

/** Tiles one behind the other; they are disposed of. */
function putTogether(tiles: readonly Tensor[], { tf }: LoweringContext): Tensor {
  if (tiles.length === 1) return tiles[0]!;
  const all = tf.concat([...tiles], 0);
  for (const tile of tiles) tile.dispose();
  return all;
}

/** Whether there is nothing to work on. */
export const isEmpty = ({
  inputs,
  outputs,
}: Pick<NodeOf<WindowAttributes>, 'inputs' | 'outputs'>) =>
  [...inputs, ...outputs].some((value) => elements(value) === 0);

/** {@link patchesOf} a tile, told: words of the patches. */
export function holdPatches(
  held: Held,
  { count }: PlaceTile,
  { taken, channels }: WindowSizes,
): number {
  held.make(count * taken, count * taken * channels).free(count * taken);
  return count * taken * channels;
}

/** {@link putTogether}, told: words of all tiles. */
const holdTogether = (held: Held, tiles: number, words: number): Held =>
  tiles > 1 ? held.make(words).free(words) : held;

/** Patches of a tile, each number added to the pixel that it is of; both are disposed of. [pixels + 1, channels] */
export function withPatches(
  sums: Tensor | undefined,
  patches: Tensor,
  [tile, sizes]: readonly [PlaceTile, WindowSizes],
  context: LoweringContext,
): Tensor {
  const { tf, upload, view } = context;
  const { pixels, channels, taken } = sizes;
  const places = upload(pixelsAt(sizes, tile), [tile.count * taken, 1]);
  const rows = view(patches, [tile.count * taken, channels]);
  const scattered = tf.scatterND(places, rows, [pixels + 1, channels]);
  done(places, patches);
  return added(sums, scattered, context);
}

/** {@link withPatches}, told. */
export function holdScattered(held: Held, tile: PlaceTile, sizes: WindowSizes): Held {
  const { pixels, channels, taken } = sizes;
  const [places, all] = [tile.count * taken, (pixels + 1) * channels];
  held.make(places, all).free(places, places * channels);
  return holdAdded(held, tile.first > 0, all);
}

/** The pixels of images, without what is beyond; it is disposed of. */
export function withoutBeyond(
  sums: Tensor,
  { pixels, channels }: WindowSizes,
  { tf }: LoweringContext,
): Tensor {
  const images = tf.slice(sums, [0, 0], [pixels, channels]);
  sums.dispose();
  return images;
}

/**
 * What is made of patches, a tile at a time, one behind the other.
 * @param beyond what a pixel beyond an image counts as
 * @param make disposes of the patches
 */
export function overPatches(
  x: Tensor,
  sizes: WindowSizes,
  beyond: number,
  context: LoweringContext,
  make: (patches: Tensor, tile: PlaceTile) => Tensor,
): Tensor {
  const images = withBeyond(x, sizes, beyond, context);
  const made = placeTiles(sizes).map((tile) => make(patchesOf(images, tile, sizes, context), tile));
  images.dispose();
  return putTogether(made, context);
}

/**
 * {@link overPatches}, told: bytes of its own.
 * @param columns of what is made of a place
 */
export function overPatchesBytes(
  sizes: WindowSizes,
  columns: number,
  hold: (held: Held, patches: number, tile: PlaceTile) => void,
): number {
  const images = (sizes.pixels + 1) * sizes.channels;
  const tiles = placeTiles(sizes);
  const held = new Held().make(images);
  for (const tile of tiles) hold(held, holdPatches(held, tile, sizes), tile);
  const all = sizes.places * columns;
  holdTogether(held.free(images), tiles.length, all);
  return 4 * Math.max(0, held.most - all);
}
