import { at, load4, store4 } from '../memory/lanes';
import { rowsBegin, rowsEnd } from '../memory/share';
import { rowSoftmax } from '../math/rows';
import { clearRows, usedRows } from '../memory/sequences';

/**
 * probabilities = softmax(logits), losses[row] = −ln probabilities[row, labels[row]].
 * logits, probabilities: f32 [rows, classes]; labels: i32 [rows]; losses: f32 [rows]. Where starts, i32
 * [examples + 1], are given, of the rows before the last one; the others' probabilities are zeros.
 * Gives 1 + the position of a label that is no class, or 0.
 */
export function crossEntropy(
  thread: i32,
  threads: i32,
  logits: usize,
  labels: usize,
  probabilities: usize,
  losses: usize,
  all: u32,
  classes: u32,
  starts: usize,
  examples: u32,
): i32 {
  const rows = usedRows(starts, examples, all);
  clearRows(thread, threads, probabilities, rows, all, classes);
  const end = rowsEnd(rows, thread, threads);
  for (let row = rowsBegin(rows, thread, threads); row < end; row++) {
    const label = load<u32>(at(labels, row));
    if (label >= classes) return row + 1;
    const from = at(logits, row * classes);
    const logit = f32.load(at(from, label));
    const logSum = rowSoftmax(from, at(probabilities, row * classes), classes);
    // In f64, since both are large where their difference may be small.
    f32.store(at(losses, row), f32(logSum - f64(logit)));
  }
  return 0;
}

/** y = mean(x) of the rows that are somebody's, by the first thread. f32 [rows] → f32 []. */
export function mean(
  thread: i32,
  threads: i32,
  x: usize,
  y: usize,
  rows: u32,
  starts: usize,
  examples: u32,
): void {
  if (thread != 0) return;
  const n = usedRows(starts, examples, rows);
  let sum: f64 = 0;
  for (let i: u32 = 0; i < n; i++) sum += f64(f32.load(at(x, i)));
  f32.store(y, f32(sum / f64(n)));
}

/**
 * dlogits = (probabilities − one-hot(labels)) · dloss / rows; dlogits may be probabilities. Where starts
 * are given, of the rows before the last one; the others' are zeros.
 * Gives 1 + the position of a label that is no class, or 0.
 */
export function crossEntropyGradient(
  thread: i32,
  threads: i32,
  probabilities: usize,
  labels: usize,
  dloss: usize,
  dlogits: usize,
  all: u32,
  classes: u32,
  starts: usize,
  examples: u32,
): i32 {
  const rows = usedRows(starts, examples, all);
  clearRows(thread, threads, dlogits, rows, all, classes);
  const factor = f32.load(dloss) / f32(rows);
  const by = f32x4.splat(factor);
  const end = rowsEnd(rows, thread, threads);
  for (let row = rowsBegin(rows, thread, threads); row < end; row++) {
    const label = load<u32>(at(labels, row));
    if (label >= classes) return row + 1;
    const from = at(probabilities, row * classes);
    const to = at(dlogits, row * classes);
    const atLabel = (f32.load(at(from, label)) - 1) * factor;
    for (let i: u32 = 0; i < classes; i += 4) {
      store4(to, i, classes, f32x4.mul(load4(from, i), by));
    }
    f32.store(at(to, label), atLabel);
  }
  return 0;
}
