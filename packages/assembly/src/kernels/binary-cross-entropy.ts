import { at, lanesBefore, load4, store4, sumLanes } from '../memory/lanes';
import { rowsBegin, rowsEnd, shareBegin, shareEnd } from '../memory/share';
import { expOfNegative4 } from '../math/exp';
import { log4 } from '../math/log';
import { clearRows } from '../memory/sequences';

/** Elements that one partial sum covers, whatever the number of threads. */
const BLOCK: u32 = 4096;

/** Entries of the rows that are somebody's, `columns` each; all n where starts is 0. */
@inline
function usedEntries(starts: usize, examples: u32, columns: u32, n: u32): u32 {
  return starts == 0 ? n : load<u32>(at(starts, examples)) * columns;
}

/** e^−|z|, NaN where z is. */
@inline
function decay(z: v128): v128 {
  return expOfNegative4(f32x4.neg(f32x4.abs(z)));
}

/** ln(1 + e): where 1 + e is rounded, e/((1 + e) − 1) makes up for it (Kahan). */
@inline
function logOnePlus(e: v128): v128 {
  const one = f32x4.splat(1);
  const sum = f32x4.add(e, one);
  const exact = f32x4.mul(log4(sum), f32x4.div(e, f32x4.sub(sum, one)));
  return v128.bitselect(e, exact, f32x4.eq(sum, one));
}

/** max(z, 0) − z · t + ln(1 + e^−|z|) */
@inline
function lossOf(z: v128, t: v128): v128 {
  const linear = f32x4.sub(f32x4.pmax(z, f32x4.splat(0)), f32x4.mul(z, t));
  return f32x4.add(linear, logOnePlus(decay(z)));
}

/**
 * partials[b] = the sum of block b's losses. f32 [n], f32 [n] → f64 [⌈n / 4096⌉]. Where starts, i32
 * [examples + 1], are given, of the rows before the last one, `columns` entries each.
 */
export function binaryCrossEntropyBlocks(
  thread: i32,
  threads: i32,
  logits: usize,
  targets: usize,
  partials: usize,
  all: u32,
  starts: usize,
  examples: u32,
  columns: u32,
): void {
  const n = usedEntries(starts, examples, columns, all);
  const blocks = (n + BLOCK - 1) / BLOCK;
  const end = rowsEnd(blocks, thread, threads);
  for (let block = rowsBegin(blocks, thread, threads); block < end; block++) {
    const last = min((block + 1) * BLOCK, n);
    let sum = f32x4.splat(0);
    for (let i = block * BLOCK; i < last; i += 4) {
      const loss = lossOf(load4(logits, i), load4(targets, i));
      sum = f32x4.add(sum, v128.and(loss, lanesBefore(i, last)));
    }
    f64.store(partials + (usize(block) << 3), f64(sumLanes(sum)));
  }
}

/** y = Σ partials / n, by the first thread. f64 [blocks] → f32 []. */
export function meanOfBlocks(
  thread: i32,
  threads: i32,
  partials: usize,
  y: usize,
  all: u32,
  starts: usize,
  examples: u32,
  columns: u32,
): void {
  if (thread != 0) return;
  const n = usedEntries(starts, examples, columns, all);
  const blocks = (n + BLOCK - 1) / BLOCK;
  let sum: f64 = 0;
  for (let block: u32 = 0; block < blocks; block++) sum += f64.load(partials + (usize(block) << 3));
  f32.store(y, f32(sum / f64(n)));
}

/**
 * dlogits = (σ(logits) − targets) · dloss / n, f32 [n]; dlogits may be logits or targets. Where starts are
 * given, of the rows before the last one; the others' are zeros.
 */
export function binaryCrossEntropyGradient(
  thread: i32,
  threads: i32,
  logits: usize,
  targets: usize,
  dloss: usize,
  dlogits: usize,
  all: u32,
  starts: usize,
  examples: u32,
  columns: u32,
): void {
  const n = usedEntries(starts, examples, columns, all);
  clearRows(thread, threads, dlogits, n, all, 1);
  const by = f32x4.splat(f32.load(dloss) / f32(n));
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  const end = shareEnd(n, thread, threads);
  for (let i = shareBegin(n, thread, threads); i < end; i += 4) {
    const z = load4(logits, i);
    const e = decay(z);
    // σ(z) is 1/(1 + e) for z ≥ 0 and e/(1 + e) below.
    const above = v128.bitselect(e, one, f32x4.lt(z, zero));
    const probability = f32x4.div(above, f32x4.add(one, e));
    store4(dlogits, i, end, f32x4.mul(f32x4.sub(probability, load4(targets, i)), by));
  }
}
