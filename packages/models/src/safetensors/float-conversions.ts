/**
 * Conversions between f32 and the other floats of checkpoints: IEEE 754 binary16 (F16), bfloat16
 * (BF16) and binary64 (F64). Widening is exact; narrowing rounds to the nearest value, ties to even.
 */

/** Converts `from` into the first `from.length` elements of `to`. Exact, NaN payloads included. */
export type Widen = (from: Uint16Array, to: Float32Array) => void;

/**
 * Converts `from` into the first `from.length` elements of `to`. Returns the index of the first
 * finite value that became infinite because it is too large, or -1.
 */
export type Narrow = (from: Float32Array, to: Uint16Array) => number;

export const widenF16: Widen = (from, to) => {
  halfTable ??= makeHalfTable();
  const table = halfTable;
  const bits = bitsOf(to);
  for (let i = 0; i < from.length; i++) bits[i] = table[from[i]!]!;
};

export const widenBF16: Widen = (from, to) => {
  const bits = bitsOf(to);
  for (let i = 0; i < from.length; i++) bits[i] = from[i]! << 16;
};

export const narrowF16: Narrow = (from, to) => {
  const bits = bitsOf(from);
  let overflow = -1;
  for (let i = 0; i < from.length; i++) {
    const half = halfBits(bits[i]!);
    to[i] = half;
    if (overflow < 0 && (half & 0x7fff) === 0x7c00 && Number.isFinite(from[i])) overflow = i;
  }
  return overflow;
};

export const narrowBF16: Narrow = (from, to) => {
  const bits = bitsOf(from);
  let overflow = -1;
  for (let i = 0; i < from.length; i++) {
    const word = bits[i]!;
    // A NaN must not be rounded: its payload could carry over into infinity.
    const notANumber = (word & 0x7fffffff) > 0x7f800000;
    const half = notANumber ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
    to[i] = half;
    if (overflow < 0 && (half & 0x7fff) === 0x7f80 && Number.isFinite(from[i])) overflow = i;
  }
  return overflow;
};

/**
 * Converts `from` into the first `from.length` elements of `to`, each rounded to the nearest f32.
 * Returns the index of the first finite value that became infinite because it is too large, or -1.
 */
export function roundF64(from: Float64Array, to: Float32Array): number {
  to.set(from);
  return from.findIndex((value, i) => Number.isFinite(value) && !Number.isFinite(to[i]));
}

/** The f32 bits of every F16 value, by its 16 bits: 256 KiB, made at the first use. */
let halfTable: Uint32Array | undefined;

function makeHalfTable(): Uint32Array {
  const table = new Uint32Array(1 << 16);
  const value = new Float32Array(1);
  const valueBits = bitsOf(value);
  for (let half = 0; half < table.length; half++) {
    const sign = (half & 0x8000) << 16;
    const exponent = (half >>> 10) & 0x1f;
    const mantissa = half & 0x3ff;
    if (exponent === 0x1f) {
      table[half] = sign | 0x7f800000 | (mantissa << 13);
    } else if (exponent === 0) {
      value[0] = mantissa * 2 ** -24;
      table[half] = sign | valueBits[0]!;
    } else {
      table[half] = sign | ((exponent + 112) << 23) | (mantissa << 13);
    }
  }
  return table;
}

function halfBits(word: number): number {
  const sign = (word >>> 16) & 0x8000;
  const magnitude = word & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00 | ((magnitude >>> 13) & 0x3ff);
  if (magnitude >= 0x47800000) return sign | 0x7c00;
  if (magnitude >= 0x38800000) {
    // A normal value: a mantissa that rounds up past its end carries into the exponent, which is
    // also how the values from 65520 up become infinite.
    return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13);
  }
  if (magnitude < 0x33000000) return sign;
  // A subnormal value, counted in units of 2^-24.
  const mantissa = (magnitude & 0x7fffff) | 0x800000;
  const shift = 126 - (magnitude >>> 23);
  const units = mantissa >>> shift;
  const remainder = mantissa & ((1 << shift) - 1);
  const middle = 1 << (shift - 1);
  const up = remainder > middle || (remainder === middle && (units & 1) === 1);
  return sign | (up ? units + 1 : units);
}

function bitsOf(values: Float32Array): Uint32Array {
  return new Uint32Array(values.buffer, values.byteOffset, values.length);
}
