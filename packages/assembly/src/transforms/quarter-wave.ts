import { at } from '../memory/lanes';

/**
 * Writes cos(π j / 2L) for j = 0 … L: a quarter of a wave, from which all angles of the transforms
 * are read. By rotation in double precision, which loses about 10⁻¹⁶ a step.
 *
 * @param table f32 [L + 1]
 * @param cosine cos(π / 2L)
 * @param sine sin(π / 2L)
 */
export function quarterWave(table: usize, length: u32, cosine: f64, sine: f64): void {
  let c: f64 = 1;
  let s: f64 = 0;
  for (let j: u32 = 0; j < length; j++) {
    f32.store(at(table, j), f32(c));
    const next = c * cosine - s * sine;
    s = s * cosine + c * sine;
    c = next;
  }
  f32.store(at(table, length), 0);
}

/** cos(π j / 2L) for 0 ≤ j < 4L. */
@inline
export function cosineAt(table: usize, length: u32, j: u32): f32 {
  const half = j > length * 2 ? length * 4 - j : j;
  if (half > length) return -f32.load(at(table, length * 2 - half));
  return f32.load(at(table, half));
}

/** sin(π j / 2L) for 0 ≤ j < 4L. */
@inline
export function sineAt(table: usize, length: u32, j: u32): f32 {
  return cosineAt(table, length, j >= length ? j - length : j + length * 3);
}
