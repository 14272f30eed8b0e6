// Pooling over the places of a window. Forwards a thread has some places, backwards some images.
import { at, load4, store4 } from '../memory/lanes';
import { rowsBegin, rowsEnd } from '../memory/share';

/** The first row or column of the image that a window has, of those within. */
@inline
function firstWithin(begin: i32, dilation: i32): i32 {
  return begin >= 0 ? 0 : (-begin + dilation - 1) / dilation;
}

/** Behind the last one. */
@inline
function endWithin(begin: i32, dilation: i32, count: i32, size: i32): i32 {
  return min(count, (size - begin + dilation - 1) / dilation);
}

/** y, f32 [batch, down, across, channels], is the largest of each window of x, f32 [batch, rows, columns, channels]. */
export function maxPooling(
  thread: i32, threads: i32, x: usize, y: usize, batch: u32, rows: i32, columns: i32, channels: i32,
  windowRows: i32, windowColumns: i32, strideDown: i32, strideAcross: i32, dilationDown: i32,
  dilationAcross: i32, above: i32, left: i32, down: u32, across: u32,
): void {
  pool(
    false,
    thread, threads, x, y, batch, rows, columns, channels, windowRows, windowColumns, strideDown,
    strideAcross, dilationDown, dilationAcross, above, left, down, across,
  );
}

/** @param averages whether it is the means that are made; the largest numbers otherwise */
@inline
function pool(
  averages: bool,
  thread: i32, threads: i32, x: usize, y: usize, batch: u32, rows: i32, columns: i32, channels: i32,
  windowRows: i32, windowColumns: i32, strideDown: i32, strideAcross: i32, dilationDown: i32,
  dilationAcross: i32, above: i32, left: i32, down: u32, across: u32,
): void {
  const bytes = usize(channels) << 2;
  const places = batch * down * across;
  const end = rowsEnd(places, thread, threads);
  for (let place = rowsBegin(places, thread, threads); place < end; place++) {
    const line = place / across;
    const top = i32(line % down) * strideDown - above;
    const begin = i32(place % across) * strideAcross - left;
    const image = x + usize((line / down) * u32(rows) * u32(columns)) * bytes;
    const i0 = firstWithin(top, dilationDown);
    const i1 = endWithin(top, dilationDown, windowRows, rows);
    const j0 = firstWithin(begin, dilationAcross);
    const j1 = endWithin(begin, dilationAcross, windowColumns, columns);
    const share = f32x4.splat(f32(1) / f32((i1 - i0) * (j1 - j0)));
    const to = y + usize(place) * bytes;
    for (let c = 0; c < channels; c += 4) {
      let found = f32x4.splat(averages ? 0 : -Infinity);
      for (let i = i0; i < i1; i++) {
        const row = image + usize((top + i * dilationDown) * columns) * bytes;
        for (let j = j0; j < j1; j++) {
          const pixel = load4(row + usize(begin + j * dilationAcross) * bytes, c);
          found = averages ? f32x4.add(found, pixel) : f32x4.max(found, pixel);
        }
      }
      store4(to, c, channels, averages ? f32x4.mul(found, share) : found);
    }
  }
}

/** dx = 0, then dy added to the first of the largest of its window. dx: f32, as x. */
export function maxPoolingGradient(
  thread: i32, threads: i32, x: usize, dy: usize, dx: usize, batch: u32, rows: i32, columns: i32,
  channels: i32, windowRows: i32, windowColumns: i32, strideDown: i32, strideAcross: i32,
  dilationDown: i32, dilationAcross: i32, above: i32, left: i32, down: u32, across: u32,
): void {
  const bytes = usize(channels) << 2;
  const pixels = usize(rows * columns) * bytes;
  const end = rowsEnd(batch, thread, threads);
  for (let b = rowsBegin(batch, thread, threads); b < end; b++) {
    const image = x + usize(b) * pixels;
    const toImage = dx - x;
    memory.fill(image + toImage, 0, pixels);
    for (let place: u32 = 0; place < down * across; place++) {
      const top = i32(place / across) * strideDown - above;
      const begin = i32(place % across) * strideAcross - left;
      const i1 = endWithin(top, dilationDown, windowRows, rows);
      const j0 = firstWithin(begin, dilationAcross);
      const j1 = endWithin(begin, dilationAcross, windowColumns, columns);
      const from = dy + usize(b * down * across + place) * bytes;
      for (let c = 0; c < channels; c++) {
        let best: usize = 0;
        let largest: f32 = 0;
        for (let i = firstWithin(top, dilationDown); i < i1; i++) {
          const row = image + usize((top + i * dilationDown) * columns) * bytes;
          for (let j = j0; j < j1; j++) {
            const pixel = at(row + usize(begin + j * dilationAcross) * bytes, c);
            const value = f32.load(pixel);
            if (best == 0 || value > largest) {
              best = pixel;
              largest = value;
            }
          }
        }
        const to = best + toImage;
        f32.store(to, f32.load(to) + f32.load(at(from, c)));
      }
    }
  }
}

/** y is the mean of each window of x, of what is within the image. */
export function averagePooling(
  thread: i32, threads: i32, x: usize, y: usize, batch: u32, rows: i32, columns: i32, channels: i32,
  windowRows: i32, windowColumns: i32, strideDown: i32, strideAcross: i32, dilationDown: i32,
  dilationAcross: i32, above: i32, left: i32, down: u32, across: u32,
): void {
  pool(
    true,
    thread, threads, x, y, batch, rows, columns, channels, windowRows, windowColumns, strideDown,
    strideAcross, dilationDown, dilationAcross, above, left, down, across,
  );
}

/** dx = 0, then dy shared out over its window. */
export function averagePoolingGradient(
  thread: i32, threads: i32, dy: usize, dx: usize, batch: u32, rows: i32, columns: i32, channels: i32,
  windowRows: i32, windowColumns: i32, strideDown: i32, strideAcross: i32, dilationDown: i32,
  dilationAcross: i32, above: i32, left: i32, down: u32, across: u32,
): void {
  const bytes = usize(channels) << 2;
  const pixels = usize(rows * columns) * bytes;
  const end = rowsEnd(batch, thread, threads);
  for (let b = rowsBegin(batch, thread, threads); b < end; b++) {
    const image = dx + usize(b) * pixels;
    memory.fill(image, 0, pixels);
    for (let place: u32 = 0; place < down * across; place++) {
      const top = i32(place / across) * strideDown - above;
      const begin = i32(place % across) * strideAcross - left;
      const i0 = firstWithin(top, dilationDown);
      const i1 = endWithin(top, dilationDown, windowRows, rows);
      const j0 = firstWithin(begin, dilationAcross);
      const j1 = endWithin(begin, dilationAcross, windowColumns, columns);
      const share = f32x4.splat(f32(1) / f32((i1 - i0) * (j1 - j0)));
      const from = dy + usize(b * down * across + place) * bytes;
      for (let i = i0; i < i1; i++) {
        const row = image + usize((top + i * dilationDown) * columns) * bytes;
        for (let j = j0; j < j1; j++) {
          const to = row + usize(begin + j * dilationAcross) * bytes;
          for (let c = 0; c < channels; c += 4) {
            store4(to, c, channels, f32x4.add(load4(to, c), f32x4.mul(load4(from, c), share)));
          }
        }
      }
    }
  }
}
