// What a window has of images at its places, a row of window rows · window columns · channels each.
import { addFloats, copyFloats } from '../memory/copy-floats';

/**
 * Patches of the places first … first + count, zeros beyond the image: f32 [count, taken].
 *
 * @param x images, f32 [batch, rows, columns, channels]; `down` and `across` places each
 */
export function patches(
  x: usize, to: usize, first: u32, count: u32, rows: i32, columns: i32, channels: i32,
  windowRows: i32, windowColumns: i32, strideDown: i32, strideAcross: i32, dilationDown: i32,
  dilationAcross: i32, above: i32, left: i32, down: u32, across: u32,
): void {
  walkPatches(
    false, x, to, first, count, rows, columns, channels, windowRows, windowColumns, strideDown,
    strideAcross, dilationDown, dilationAcross, above, left, down, across,
  );
}

/** Adds patches, f32 [count, taken], to where {@link patches} takes them from. */
export function foldPatches(
  from: usize, x: usize, first: u32, count: u32, rows: i32, columns: i32, channels: i32,
  windowRows: i32, windowColumns: i32, strideDown: i32, strideAcross: i32, dilationDown: i32,
  dilationAcross: i32, above: i32, left: i32, down: u32, across: u32,
): void {
  walkPatches(
    true, x, from, first, count, rows, columns, channels, windowRows, windowColumns, strideDown,
    strideAcross, dilationDown, dilationAcross, above, left, down, across,
  );
}

/** Numbers that lie together in an image and in a patch, from the one to the other. */
@inline
function moveRun(folds: bool, pixels: usize, patch: usize, n: u32): void {
  if (folds) addFloats(pixels, patch, n);
  else copyFloats(patch, pixels, n);
}

/** @param folds whether patches are added to images; they are made of them otherwise */
@inline
function walkPatches(
  folds: bool, x: usize, patch: usize, first: u32, count: u32, rows: i32, columns: i32, channels: i32,
  windowRows: i32, windowColumns: i32, strideDown: i32, strideAcross: i32, dilationDown: i32,
  dilationAcross: i32, above: i32, left: i32, down: u32, across: u32,
): void {
  const bytes = usize(channels) << 2;
  let next = patch;
  for (let place = first; place < first + count; place++) {
    const line = place / across;
    const top = i32(line % down) * strideDown - above;
    const begin = i32(place % across) * strideAcross - left;
    const image = i32(line / down) * rows;
    const isWithin = begin >= 0 && begin + windowColumns <= columns && dilationAcross == 1;
    for (let i = 0; i < windowRows; i++) {
      const row = top + i * dilationDown;
      const isRow = row >= 0 && row < rows;
      const pixels = x + usize(u32(image + row) * u32(columns)) * bytes;
      if (isRow && isWithin) {
        moveRun(folds, pixels + usize(begin) * bytes, next, windowColumns * channels);
        next += usize(windowColumns) * bytes;
        continue;
      }
      for (let j = 0; j < windowColumns; j++) {
        const column = begin + j * dilationAcross;
        if (isRow && column >= 0 && column < columns) {
          moveRun(folds, pixels + usize(column) * bytes, next, channels);
        } else if (!folds) {
          memory.fill(next, 0, bytes);
        }
        next += bytes;
      }
    }
  }
}
