import type { Transform } from '../ops/transform-sketch.js';

/** Entry i of row r of the orthonormal basis of `length` rows; see {@link Transform}. */
export function basisEntry(transform: Transform, length: number, r: number, i: number): number {
  const flat = Math.sqrt(1 / length);
  if (transform === 'hadamard') return oddBits(r & i) ? -flat : flat;
  if (r === 0) return flat;
  const wave = Math.sqrt(2 / length);
  if (transform === 'dct') return wave * Math.cos((Math.PI * (2 * i + 1) * r) / (2 * length));
  if (r === length - 1) return i % 2 === 0 ? flat : -flat;
  const angle = (2 * Math.PI * Math.ceil(r / 2) * i) / length;
  return wave * (r % 2 === 1 ? Math.cos(angle) : Math.sin(angle));
}

function oddBits(number: number): boolean {
  let odd = false;
  for (let rest = number; rest !== 0; rest &= rest - 1) odd = !odd;
  return odd;
}
