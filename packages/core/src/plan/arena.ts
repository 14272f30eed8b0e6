import type { Allocation } from './memory-plan.js';

/** Something that needs `bytes` of the arena from `first` to `last`. */
export interface Lifetime {
  readonly bytes: number;
  readonly first: number;
  readonly last: number;
}

/** Bytes alive at each position of the schedule. */
export function liveBytes(lifetimes: readonly Lifetime[], positions: number): Float64Array {
  const live = new Float64Array(positions + 1);
  for (const { bytes, first, last } of lifetimes) {
    live[first]! += bytes;
    live[Math.min(last + 1, positions)]! -= bytes;
  }
  for (let at = 1; at < positions; at++) live[at]! += live[at - 1]!;
  return live.subarray(0, positions);
}

type Order = (a: Lifetime, b: Lifetime) => number;
const duration = ({ first, last }: Lifetime) => last - first + 1;

const ORDERS: readonly Order[] = [
  (a, b) => b.bytes - a.bytes || a.first - b.first,
  (a, b) => duration(b) - duration(a) || b.bytes - a.bytes,
  (a, b) => b.bytes * duration(b) - a.bytes * duration(a) || a.first - b.first,
  (a, b) => a.first - b.first || b.bytes - a.bytes,
];

/** First fit, in a given order: each takes the lowest gap among those alive at the same time. */
function place(lifetimes: readonly Lifetime[], order: Order) {
  const offsets = new Float64Array(lifetimes.length);
  const placed: number[] = [];
  let size = 0;
  const sorted = lifetimes.map((_, index) => index);
  sorted.sort((a, b) => order(lifetimes[a]!, lifetimes[b]!) || a - b);
  for (const index of sorted) {
    const { bytes, first, last } = lifetimes[index]!;
    let offset = 0;
    for (const other of placed) {
      const { bytes: taken, first: from, last: to } = lifetimes[other]!;
      if (to < first || from > last) continue;
      if (offsets[other]! - offset >= bytes) break;
      offset = Math.max(offset, offsets[other]! + taken);
    }
    offsets[index] = offset;
    size = Math.max(size, offset + bytes);
    let at = placed.length;
    while (at > 0 && offsets[placed[at - 1]!]! > offset) at--;
    placed.splice(at, 0, index);
  }
  return { offsets, size };
}

/**
 * Offsets in one arena such that nothing alive at the same time overlaps: first fit in several
 * orders, of which the smallest arena is taken. Dynamic storage allocation is NP-hard; on training
 * graphs one of these orders comes within a few per cent of the largest live set.
 */
export function packArena(
  lifetimes: readonly Lifetime[],
  lowerBound: number,
): { offsets: Float64Array; size: number } {
  let best: { offsets: Float64Array; size: number } | undefined;
  for (const order of ORDERS) {
    const packed = place(lifetimes, order);
    if (!best || packed.size < best.size) best = packed;
    if (best.size <= lowerBound) break;
  }
  return best!;
}

/** True when two allocations are alive at once and share a byte: a plan must never have such a pair. */
export const conflict = (a: Allocation, b: Allocation): boolean =>
  a.first <= b.last &&
  b.first <= a.last &&
  a.offset < b.offset + b.bytes &&
  b.offset < a.offset + a.bytes;
