// The rows of largest weight and draws from the others, as core's op winnerRows defines it.
import { at } from '../memory/lanes';
import { shareBegin, shareEnd } from '../memory/share';
import { at8, badWeight, drawWords, uniform53 } from '../random/draws';

/** Merges sorted runs of `width` numbers into sorted runs of twice that. u64 [n] → u64 [n]. */
function mergeRuns(from: usize, to: usize, n: u32, width: u32): void {
  for (let start: u32 = 0; start < n; start += 2 * width) {
    let left = start;
    let right = min(start + width, n);
    const middle = right;
    const end = min(start + 2 * width, n);
    for (let place = start; place < end; place++) {
      const takeLeft =
        left < middle &&
        (right >= end || load<u64>(at8(from, left)) < load<u64>(at8(from, right)));
      const source = takeLeft ? left++ : right++;
      store<u64>(at8(to, place), load<u64>(at8(from, source)));
    }
  }
}

/**
 * Sorts rows by falling weight and chooses how many of them win, by the first thread.
 * Gives 1 + the position of a weight that is not a finite number ≥ 0, or 0.
 *
 * @param keys scratch, u64 [2 · rows]
 * @param order i32 [rows]: rows by falling weight, of equal ones the lower first
 * @param rest f64 [rows + 1]: sums of the weights from a position of that order on
 * @param winners i32 []: how many win
 */
export function chooseWinners(
  thread: i32,
  threads: i32,
  weights: usize,
  keys: usize,
  order: usize,
  rest: usize,
  winners: usize,
  rows: u32,
  count: u32,
): i32 {
  if (thread != 0) return 0;
  const bad = badWeight(weights, rows);
  if (bad != 0) return bad;
  // A weight's bits rise with it; turned over, and with the row behind them, they sort as wanted.
  for (let row: u32 = 0; row < rows; row++) {
    const bits = load<u32>(at(weights, row)) & 0x7fffffff;
    store<u64>(at8(keys, row), (u64(~bits) << 32) | u64(row));
  }
  let from = keys;
  let to = at8(keys, rows);
  for (let width: u32 = 1; width < rows; width *= 2) {
    mergeRuns(from, to, rows, width);
    const sorted = to;
    to = from;
    from = sorted;
  }
  f64.store(at8(rest, rows), 0);
  for (let place = rows; place > 0; place--) {
    const row = u32(load<u64>(at8(from, place - 1)));
    store<u32>(at(order, place - 1), row);
    const sum = f64.load(at8(rest, place)) + f64(f32.load(at(weights, row)));
    f64.store(at8(rest, place - 1), sum);
  }
  let best: u32 = count == rows ? count : 0;
  if (count < rows) {
    let least = f64.load(rest) / f64(count);
    for (let place: u32 = 1; place < count; place++) {
      const share = f64.load(at8(rest, place)) / f64(count - place);
      if (share < least) {
        least = share;
        best = place;
      }
    }
  }
  store<u32>(winners, best);
  return 0;
}

/**
 * The winners, then draws from the others, and who the others are; a thread has a range of places, and
 * one of rows in the order of their weights.
 * @param words scratch, 8 bytes a place, rounded up to 16 places
 * @param others f32 [rows]: 0 for a winner, else 1
 */
export function drawOthers(
  thread: i32,
  threads: i32,
  order: usize,
  rest: usize,
  winnersAt: usize,
  words: usize,
  key: usize,
  indices: usize,
  factors: usize,
  others: usize,
  rows: u32,
  count: u32,
  stream: i32,
): void {
  const begin = shareBegin(count, thread, threads);
  const end = shareEnd(count, thread, threads);
  drawWords(words, key, stream, begin, end);
  const winners = load<u32>(winnersAt);
  const total = f64.load(at8(rest, winners));
  for (let place = begin; place < end; place++) {
    let chosen = place;
    let factor: f64 = 1;
    if (place >= winners) {
      const u = uniform53(words, place);
      if (total == 0) {
        const others = rows - winners;
        chosen = winners + min(u32(u * f64(others)), others - 1);
        factor = f64(others) / f64(count - winners);
      } else {
        chosen = lastAbove(rest, winners, rows, u * total);
        const stretch = f64.load(at8(rest, chosen)) - f64.load(at8(rest, chosen + 1));
        factor = total / (f64(count - winners) * stretch);
      }
    }
    store<u32>(at(indices, place), load<u32>(at(order, chosen)));
    f32.store(at(factors, place), f32(factor));
  }
  const last = shareEnd(rows, thread, threads);
  for (let place = shareBegin(rows, thread, threads); place < last; place++)
    f32.store(at(others, load<u32>(at(order, place))), place < winners ? 0 : 1);
}

/** The last position from `begin` on with a number above `limit` in falling ones; else `begin`. */
function lastAbove(numbers: usize, begin: u32, end: u32, limit: f64): u32 {
  let low = begin;
  let high = end;
  while (low + 1 < high) {
    const middle = (low + high) >> 1;
    if (f64.load(at8(numbers, middle)) > limit) low = middle;
    else high = middle;
  }
  return low;
}
