// y = f(x), element by element, f32 [n]; y may be x.
import { at, load4, store4 } from '../memory/lanes';
import { shareBegin, shareEnd } from '../memory/share';
import { expf4 } from '../math/exp';
import { log4 } from '../math/log';
import { tanh4 } from '../math/tanh';

export function scale(thread: i32, threads: i32, x: usize, y: usize, n: u32, factor: f32): void {
  const end = shareEnd(n, thread, threads);
  const by = f32x4.splat(factor);
  let i = shareBegin(n, thread, threads);
  for (; i + 16 <= end; i += 16) {
    const from = at(x, i);
    const to = at(y, i);
    v128.store(to, f32x4.mul(v128.load(from), by));
    v128.store(to, f32x4.mul(v128.load(from, 16), by), 16);
    v128.store(to, f32x4.mul(v128.load(from, 32), by), 32);
    v128.store(to, f32x4.mul(v128.load(from, 48), by), 48);
  }
  for (; i < end; i += 4) store4(y, i, end, f32x4.mul(load4(x, i), by));
}

export function squareRoot(thread: i32, threads: i32, x: usize, y: usize, n: u32): void {
  const end = shareEnd(n, thread, threads);
  for (let i = shareBegin(n, thread, threads); i < end; i += 4) {
    store4(y, i, end, f32x4.sqrt(load4(x, i)));
  }
}

export function exponential(thread: i32, threads: i32, x: usize, y: usize, n: u32): void {
  const end = shareEnd(n, thread, threads);
  let i = shareBegin(n, thread, threads);
  for (; i + 8 <= end; i += 8) {
    const y0 = expf4(load4(x, i));
    const y1 = expf4(load4(x, i + 4));
    v128.store(at(y, i), y0);
    v128.store(at(y, i), y1, 16);
  }
  for (; i < end; i += 4) store4(y, i, end, expf4(load4(x, i)));
}

export function logarithm(thread: i32, threads: i32, x: usize, y: usize, n: u32): void {
  const end = shareEnd(n, thread, threads);
  for (let i = shareBegin(n, thread, threads); i < end; i += 4) {
    store4(y, i, end, log4(load4(x, i)));
  }
}

export function tanh(thread: i32, threads: i32, x: usize, y: usize, n: u32): void {
  const end = shareEnd(n, thread, threads);
  for (let i = shareBegin(n, thread, threads); i < end; i += 4) {
    store4(y, i, end, tanh4(load4(x, i)));
  }
}
