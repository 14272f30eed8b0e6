// Rows drawn at random, as core's ops sampleRows, winnerRows and uniformRows define it: sums in f64
// in one order, so that every executor draws the same rows.
import { at } from '../memory/lanes';
import { shareBegin, shareEnd } from '../memory/share';
import { at8, badWeight, drawWords, uniform53 } from '../random/draws';

/**
 * sums[i] = the sum of weights 0 … i, by the first thread. f32 [rows] → f64 [rows].
 * Gives 1 + the position of a weight that is not a finite number ≥ 0, or 0.
 */
export function prefixSums(
  thread: i32,
  threads: i32,
  weights: usize,
  sums: usize,
  rows: u32,
): i32 {
  if (thread != 0) return 0;
  let total: f64 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    total += f64(f32.load(at(weights, row)));
    f64.store(at8(sums, row), total);
  }
  return badWeight(weights, rows);
}

/** The first position whose number is above `limit` in rising numbers, f64 [n]; n where there is none. */
function firstAbove(numbers: usize, n: u32, limit: f64): u32 {
  let low: u32 = 0;
  let high = n;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (f64.load(at8(numbers, middle)) > limit) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * Draws rows by the stretches of the prefix sums; a thread has a range of draws.
 * @param words scratch, 8 bytes a draw, rounded up to 16 draws
 */
export function drawRows(
  thread: i32,
  threads: i32,
  sums: usize,
  words: usize,
  key: usize,
  indices: usize,
  factors: usize,
  rows: u32,
  count: u32,
  stream: i32,
): void {
  const begin = shareBegin(count, thread, threads);
  const end = shareEnd(count, thread, threads);
  drawWords(words, key, stream, begin, end);
  const total = f64.load(at8(sums, rows - 1));
  for (let draw = begin; draw < end; draw++) {
    const u = uniform53(words, draw);
    if (total == 0) {
      store<u32>(at(indices, draw), min(u32(u * f64(rows)), rows - 1));
      f32.store(at(factors, draw), f32(f64(rows) / f64(count)));
      continue;
    }
    let row = firstAbove(sums, rows, u * total);
    // Rounded up to the whole sum, it belongs to the last row that has a stretch.
    if (row == rows) {
      row = rows - 1;
      while (row > 0 && f64.load(at8(sums, row - 1)) == total) row--;
    }
    const before = row > 0 ? f64.load(at8(sums, row - 1)) : 0;
    const stretch = f64.load(at8(sums, row)) - before;
    store<u32>(at(indices, draw), row);
    f32.store(at(factors, draw), f32(total / (f64(count) * stretch)));
  }
}

/**
 * `count` of `rows` rows, all alike, by the first thread.
 * @param words scratch, 8 bytes a draw, rounded up to 16 draws
 * @param all scratch, i32 [rows]; read where a row must not be drawn again
 */
export function uniformRows(
  thread: i32,
  threads: i32,
  words: usize,
  all: usize,
  key: usize,
  indices: usize,
  rows: u32,
  count: u32,
  replacement: i32,
  stream: i32,
): void {
  if (thread != 0) return;
  drawWords(words, key, stream, 0, count);
  if (replacement != 0) {
    for (let draw: u32 = 0; draw < count; draw++) {
      const row = min(u32(uniform53(words, draw) * f64(rows)), rows - 1);
      store<u32>(at(indices, draw), row);
    }
    return;
  }
  for (let row: u32 = 0; row < rows; row++) store<u32>(at(all, row), row);
  for (let draw: u32 = 0; draw < count; draw++) {
    const left = rows - draw;
    const place = min(draw + u32(uniform53(words, draw) * f64(left)), rows - 1);
    store<u32>(at(indices, draw), load<u32>(at(all, place)));
    store<u32>(at(all, place), load<u32>(at(all, draw)));
  }
}
