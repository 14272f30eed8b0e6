// Where values lie between the codes of their range, as core's position defines it.
import { constant } from '../memory/constants';
import { at, load4 } from '../memory/lanes';
import { minimumOf, stepOf } from './range';

const CONSTANTS = memory.data<f32>([
  8388608, // 2^23: added to a smaller number ≥ 0 it rounds to a whole number in the low bits
], 16);

/**
 * Where between the codes each value lies: in units of 2^-16 of a step, in the low 24 bits of a
 * word, above which there may be others.
 */
export function positions(x: usize, y: usize, n: u32, range: i32, levels: f32): void {
  const step = stepOf(range);
  const minimum = f32x4.splat(minimumOf(range));
  const inverse = f32x4.splat(step == 0 ? 0 : 65536 / step);
  const most = f32x4.splat(levels * 65536);
  const wide = levels > 100;
  let i: u32 = 0;
  if (wide) {
    for (; i + 4 <= n; i += 4) v128.store(at(y, i), wide4(load4(x, i), minimum, inverse, most));
  } else {
    for (; i + 8 <= n; i += 8) {
      const to = at(y, i);
      const from = at(x, i);
      v128.store(to, narrow4(v128.load(from), minimum, inverse, most));
      v128.store(to, narrow4(v128.load(from, 16), minimum, inverse, most), 16);
    }
    for (; i + 4 <= n; i += 4) v128.store(at(y, i), narrow4(load4(x, i), minimum, inverse, most));
  }
  for (; i < n; i++) {
    const value = v128.load32_splat(at(x, i));
    v128.store32_lane(at(y, i), wide4(value, minimum, inverse, most), 0);
  }
}

@inline
function exact4(x: v128, minimum: v128, inverse: v128, most: v128): v128 {
  return f32x4.pmin(f32x4.mul(f32x4.sub(x, minimum), inverse), most);
}

/** For positions up to 2^23, which is left set above them. */
@inline
function narrow4(x: v128, minimum: v128, inverse: v128, most: v128): v128 {
  return f32x4.add(exact4(x, minimum, inverse, most), constant(CONSTANTS, 0));
}

@inline
function wide4(x: v128, minimum: v128, inverse: v128, most: v128): v128 {
  return i32x4.trunc_sat_f32x4_s(f32x4.nearest(exact4(x, minimum, inverse, most)));
}

/** The first of n values that is not finite, else the one of largest magnitude. */
export function largest(x: usize, n: u32): u32 {
  let found: u32 = 0;
  let most: f32 = -1;
  for (let i: u32 = 0; i < n; i++) {
    const size = abs(f32.load(at(x, i)));
    if (!(size < f32.POSITIVE_INFINITY)) return i;
    if (size > most) {
      most = size;
      found = i;
    }
  }
  return found;
}
