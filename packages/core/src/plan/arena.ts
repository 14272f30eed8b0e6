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

/** A buffer that is being filled. */
interface Filling {
  /** What lies in it, lowest first. */
  readonly placed: number[];
  bytes: number;
}

/** Where lifetimes lie, by their indices, and how large the buffers are. */
interface Packed {
  readonly buffers: Int32Array;
  readonly offsets: Float64Array;
  readonly sizes: readonly number[];
  readonly bytes: number;
}

/**
 * First fit, in a given order: each takes the lowest gap among those alive at the same time, in the
 * first buffer that has one.
 */
function pack(lifetimes: readonly Lifetime[], order: Order, maxBufferBytes: number): Packed {
  const offsets = new Float64Array(lifetimes.length);
  const buffers = new Int32Array(lifetimes.length);
  const filling: Filling[] = [];
  const sorted = lifetimes.map((_, index) => index);
  sorted.sort((a, b) => order(lifetimes[a]!, lifetimes[b]!) || a - b);
  const lowestGap = (index: number, { placed }: Filling): number => {
    const { bytes, first, last } = lifetimes[index]!;
    let offset = 0;
    for (const other of placed) {
      const { bytes: taken, first: from, last: to } = lifetimes[other]!;
      if (to < first || from > last) continue;
      if (offsets[other]! - offset >= bytes) break;
      offset = Math.max(offset, offsets[other]! + taken);
    }
    return offset;
  };
  for (const index of sorted) {
    const { bytes } = lifetimes[index]!;
    let buffer = 0;
    let offset = 0;
    for (; buffer < filling.length; buffer++) {
      offset = lowestGap(index, filling[buffer]!);
      if (offset + bytes <= maxBufferBytes) break;
    }
    if (buffer === filling.length) {
      filling.push({ placed: [], bytes: 0 });
      offset = 0;
    }
    const into = filling[buffer]!;
    const { placed } = into;
    offsets[index] = offset;
    buffers[index] = buffer;
    into.bytes = Math.max(into.bytes, offset + bytes);
    let before = placed.length;
    while (before > 0 && offsets[placed[before - 1]!]! > offset) before--;
    placed.splice(before, 0, index);
  }
  const sizes = filling.map(({ bytes }) => bytes);
  return { buffers, offsets, sizes, bytes: sizes.reduce((all, size) => all + size, 0) };
}

/**
 * Places in buffers such that nothing alive at the same time overlaps: first fit in several orders, of
 * which the fewest bytes are taken. Dynamic storage allocation is NP-hard; on training graphs one of
 * these orders comes within a few per cent of the largest live set.
 *
 * @param lowerBound bytes that cannot be bettered
 * @param maxBufferBytes what one buffer takes at most; no lifetime may have more
 */
export function packBuffers(
  lifetimes: readonly Lifetime[],
  lowerBound: number,
  maxBufferBytes: number,
): Packed {
  let best: Packed | undefined;
  for (const order of ORDERS) {
    const packed = pack(lifetimes, order, maxBufferBytes);
    if (!best || packed.bytes < best.bytes) best = packed;
    if (best.bytes <= lowerBound) break;
  }
  return best!;
}

/** Of lifetimes that lie nowhere in particular: what is alive at once, as if in one buffer. */
export const unpacked = (lifetimes: readonly Lifetime[], mostAlive: number): Packed => ({
  buffers: new Int32Array(lifetimes.length),
  offsets: new Float64Array(lifetimes.length),
  sizes: lifetimes.length > 0 ? [mostAlive] : [],
  bytes: mostAlive,
});

/** True when two allocations are alive at once and share a byte: a plan must never have such a pair. */
export const conflict = (a: Allocation, b: Allocation): boolean =>
  a.buffer === b.buffer &&
  a.first <= b.last &&
  b.first <= a.last &&
  a.offset < b.offset + b.bytes &&
  b.offset < a.offset + a.bytes;
