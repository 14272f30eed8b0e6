// Arithmetic on two tensors that broadcast. The output has four axes, [d0, d1, d2, n]; each operand
// has a stride for each of them, in elements, which is 0 where it repeats; the last is 0 or 1.
import { at, load4, store4 } from '../memory/lanes';
import { shareBegin, shareEnd } from '../memory/share';

const ADD = 0;
const SUBTRACT = 1;
const MULTIPLY = 2;
const DIVIDE = 3;

@inline
function combine(operation: i32, a: v128, b: v128): v128 {
  if (operation == ADD) return f32x4.add(a, b);
  if (operation == SUBTRACT) return f32x4.sub(a, b);
  if (operation == MULTIPLY) return f32x4.mul(a, b);
  return f32x4.div(a, b);
}

/** Elements 0 … count of a run along the last axis. */
@inline
function run(
  operation: i32,
  a: usize,
  b: usize,
  y: usize,
  count: u32,
  stepA: u32,
  stepB: u32,
): void {
  let i: u32 = 0;
  if (stepA == stepB) {
    for (; i + 16 <= count; i += 16) {
      const pa = at(a, i);
      const pb = at(b, i);
      const py = at(y, i);
      v128.store(py, combine(operation, v128.load(pa), v128.load(pb)));
      v128.store(py, combine(operation, v128.load(pa, 16), v128.load(pb, 16)), 16);
      v128.store(py, combine(operation, v128.load(pa, 32), v128.load(pb, 32)), 32);
      v128.store(py, combine(operation, v128.load(pa, 48), v128.load(pb, 48)), 48);
    }
    for (; i < count; i += 4) store4(y, i, count, combine(operation, load4(a, i), load4(b, i)));
  } else if (stepA == 0) {
    const left = v128.load32_splat(a);
    for (; i < count; i += 4) store4(y, i, count, combine(operation, left, load4(b, i)));
  } else {
    const right = v128.load32_splat(b);
    for (; i < count; i += 4) store4(y, i, count, combine(operation, load4(a, i), right));
  }
}

@inline
function binary(
  operation: i32,
  thread: i32,
  threads: i32,
  a: usize,
  b: usize,
  y: usize,
  d0: u32,
  d1: u32,
  d2: u32,
  n: u32,
  a0: u32,
  a1: u32,
  a2: u32,
  a3: u32,
  b0: u32,
  b1: u32,
  b2: u32,
  b3: u32,
): void {
  const total = d0 * d1 * d2 * n;
  const end = shareEnd(total, thread, threads);
  let from = shareBegin(total, thread, threads);
  if (from >= end) return;
  let row = from / n;
  let column = from % n;
  let i2 = row % d2;
  row /= d2;
  let i1 = row % d1;
  let i0 = row / d1;
  while (from < end) {
    const count = min(n - column, end - from);
    const pa = at(a, i0 * a0 + i1 * a1 + i2 * a2 + column * a3);
    const pb = at(b, i0 * b0 + i1 * b1 + i2 * b2 + column * b3);
    run(operation, pa, pb, at(y, from), count, a3, b3);
    from += count;
    column = 0;
    if (++i2 == d2) {
      i2 = 0;
      if (++i1 == d1) {
        i1 = 0;
        i0++;
      }
    }
  }
}

export function add(
  thread: i32, threads: i32, a: usize, b: usize, y: usize,
  d0: u32, d1: u32, d2: u32, n: u32,
  a0: u32, a1: u32, a2: u32, a3: u32,
  b0: u32, b1: u32, b2: u32, b3: u32,
): void {
  binary(ADD, thread, threads, a, b, y, d0, d1, d2, n, a0, a1, a2, a3, b0, b1, b2, b3);
}

export function subtract(
  thread: i32, threads: i32, a: usize, b: usize, y: usize,
  d0: u32, d1: u32, d2: u32, n: u32,
  a0: u32, a1: u32, a2: u32, a3: u32,
  b0: u32, b1: u32, b2: u32, b3: u32,
): void {
  binary(SUBTRACT, thread, threads, a, b, y, d0, d1, d2, n, a0, a1, a2, a3, b0, b1, b2, b3);
}

export function multiply(
  thread: i32, threads: i32, a: usize, b: usize, y: usize,
  d0: u32, d1: u32, d2: u32, n: u32,
  a0: u32, a1: u32, a2: u32, a3: u32,
  b0: u32, b1: u32, b2: u32, b3: u32,
): void {
  binary(MULTIPLY, thread, threads, a, b, y, d0, d1, d2, n, a0, a1, a2, a3, b0, b1, b2, b3);
}

export function divide(
  thread: i32, threads: i32, a: usize, b: usize, y: usize,
  d0: u32, d1: u32, d2: u32, n: u32,
  a0: u32, a1: u32, a2: u32, a3: u32,
  b0: u32, b1: u32, b2: u32, b3: u32,
): void {
  binary(DIVIDE, thread, threads, a, b, y, d0, d1, d2, n, a0, a1, a2, a3, b0, b1, b2, b3);
}
