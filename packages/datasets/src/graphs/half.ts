let table: Float32Array | undefined;

/**
 * What each of the 2^16 values of IEEE 754's binary16 stands for: a sign, 5 bits of exponent, 10 of
 * fraction. A table, since a graph has millions of them. [65536], infinities and NaN included.
 */
export function halves(): Float32Array {
  table ??= Float32Array.from({ length: 1 << 16 }, (_, bits) => halfToNumber(bits));
  return table;
}

function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >>> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
