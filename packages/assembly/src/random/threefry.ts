// Threefry2x32 with 20 rounds. Source: Salmon et al., "Parallel random numbers: as easy as 1, 2,
// 3", SC 2011. A block is two words of 32 bits, made from the key and the counter (stream, block).

/**
 * What the last call of threefry16 made. Lane l of low0 is word 0, and of high0 word 1, of the
 * block l behind the first counter; low1 and high1 are those of the second, and so on. Globals of
 * an instance of this module, so each thread has its own.
 */
export let low0: v128 = i32x4(0, 0, 0, 0);
export let low1: v128 = i32x4(0, 0, 0, 0);
export let low2: v128 = i32x4(0, 0, 0, 0);
export let low3: v128 = i32x4(0, 0, 0, 0);
export let high0: v128 = i32x4(0, 0, 0, 0);
export let high1: v128 = i32x4(0, 0, 0, 0);
export let high2: v128 = i32x4(0, 0, 0, 0);
export let high3: v128 = i32x4(0, 0, 0, 0);

const PARITY: i32 = 0x1bd11bda;

/** (y rotated to the left) xor x. */
@inline
function mix(y: v128, left: i32, x: v128): v128 {
  if (left == 16) return v128.xor(v128.shuffle<u16>(y, y, 1, 0, 3, 2, 5, 4, 7, 6), x);
  return v128.xor(v128.or(i32x4.shl(y, left), i32x4.shr_u(y, 32 - left)), x);
}

/** Counters of four blocks from `block` on, the key added. */
@inline
function counters(block: u32, key1: i32): v128 {
  return i32x4.add(i32x4.splat(i32(block) + key1), i32x4(0, 1, 2, 3));
}

/**
 * Makes 16 blocks: four from each of the counters b0 … b3 on. A round waits for the one before it,
 * so four vectors go through the rounds side by side.
 */
export function threefry16(
  key0: i32,
  key1: i32,
  stream: i32,
  b0: u32,
  b1: u32,
  b2: u32,
  b3: u32,
): void {
  const key2 = key0 ^ key1 ^ PARITY;
  const k0 = i32x4.splat(key0);
  const k1 = i32x4.splat(key1);
  const k2 = i32x4.splat(key2);
  const ka = i32x4.splat(key2 + 1);
  const kb = i32x4.splat(key0 + 2);
  const kc = i32x4.splat(key1 + 3);
  const kd = i32x4.splat(key2 + 4);
  const ke = i32x4.splat(key0 + 5);
  let x0 = i32x4.splat(stream + key0);
  let x1 = x0;
  let x2 = x0;
  let x3 = x0;
  let y0 = counters(b0, key1);
  let y1 = counters(b1, key1);
  let y2 = counters(b2, key1);
  let y3 = counters(b3, key1);

  x0 = i32x4.add(x0, y0); x1 = i32x4.add(x1, y1); x2 = i32x4.add(x2, y2); x3 = i32x4.add(x3, y3);
  y0 = mix(y0, 13, x0); y1 = mix(y1, 13, x1); y2 = mix(y2, 13, x2); y3 = mix(y3, 13, x3);
  x0 = i32x4.add(x0, y0); x1 = i32x4.add(x1, y1); x2 = i32x4.add(x2, y2); x3 = i32x4.add(x3, y3);
  y0 = mix(y0, 15, x0); y1 = mix(y1, 15, x1); y2 = mix(y2, 15, x2); y3 = mix(y3, 15, x3);
  x0 = i32x4.add(x0, y0); x1 = i32x4.add(x1, y1); x2 = i32x4.add(x2, y2); x3 = i32x4.add(x3, y3);
  y0 = mix(y0, 26, x0); y1 = mix(y1, 26, x1); y2 = mix(y2, 26, x2); y3 = mix(y3, 26, x3);
  x0 = i32x4.add(x0, y0); x1 = i32x4.add(x1, y1); x2 = i32x4.add(x2, y2); x3 = i32x4.add(x3, y3);
  y0 = mix(y0, 6, x0); y1 = mix(y1, 6, x1); y2 = mix(y2, 6, x2); y3 = mix(y3, 6, x3);
  x0 = i32x4.add(x0, k1); x1 = i32x4.add(x1, k1); x2 = i32x4.add(x2, k1); x3 = i32x4.add(x3, k1);
  y0 = i32x4.add(y0, ka); y1 = i32x4.add(y1, ka); y2 = i32x4.add(y2, ka); y3 = i32x4.add(y3, ka);

  x0 = i32x4.add(x0, y0); x1 = i32x4.add(x1, y1); x2 = i32x4.add(x2, y2); x3 = i32x4.add(x3, y3);
  y0 = mix(y0, 17, x0); y1 = mix(y1, 17, x1); y2 = mix(y2, 17, x2); y3 = mix(y3, 17, x3);
  x0 = i32x4.add(x0, y0); x1 = i32x4.add(x1, y1); x2 = i32x4.add(x2, y2); x3 = i32x4.add(x3, y3);
  y0 = mix(y0, 29, x0); y1 = mix(y1, 29, x1); y2 = mix(y2, 29, x2); y3 = mix(y3, 29, x3);
  x0 = i32x4.add(x0, y0); x1 = i32x4.add(x1, y1); x2 = i32x4.add(x2, y2); x3 = i32x4.add(x3, y3);
  y0 = mix(y0, 16, x0); y1 = mix(y1, 16, x1); y2 = mix(y2, 16, x2); y3 = mix(y3, 16, x3);
  x0 = i32x4.add(x0, y0); x1 = i32x4.add(x1, y1); x2 = i32x4.add(x2, y2); x3 = i32x4.add(x3, y3);
  y0 = mix(y0, 24, x0); y1 = mix(y1, 24, x1); y2 = mix(y2, 24, x2); y3 = mix(y3, 24, x3);
  x0 = i32x4.add(x0, k2); x1 = i32x4.add(x1, k2); x2 = i32x4.add(x2, k2); x3 = i32x4.add(x3, k2);
  y0 = i32x4.add(y0, kb); y1 = i32x4.add(y1, kb); y2 = i32x4.add(y2, kb); y3 = i32x4.add(y3, kb);

  x0 = i32x4.add(x0, y0); x1 = i32x4.add(x1, y1); x2 = i32x4.add(x2, y2); x3 = i32x4.add(x3, y3);
  y0 = mix(y0, 13, x0); y1 = mix(y1, 13, x1); y2 = mix(y2, 13, x2); y3 = mix(y3, 13, x3);
  x0 = i32x4.add(x0, y0); x1 = i32x4.add(x1, y1); x2 = i32x4.add(x2, y2); x3 = i32x4.add(x3, y3);
  y0 = mix(y0, 15, x0); y1 = mix(y1, 15, x1); y2 = mix(y2, 15, x2); y3 = mix(y3, 15, x3);
  x0 = i32x4.add(x0, y0); x1 = i32x4.add(x1, y1); x2 = i32x4.add(x2, y2); x3 = i32x4.add(x3, y3);
  y0 = mix(y0, 26, x0); y1 = mix(y1, 26, x1); y2 = mix(y2, 26, x2); y3 = mix(y3, 26, x3);
  x0 = i32x4.add(x0, y0); x1 = i32x4.add(x1, y1); x2 = i32x4.add(x2, y2); x3 = i32x4.add(x3, y3);
  y0 = mix(y0, 6, x0); y1 = mix(y1, 6, x1); y2 = mix(y2, 6, x2); y3 = mix(y3, 6, x3);
  x0 = i32x4.add(x0, k0); x1 = i32x4.add(x1, k0); x2 = i32x4.add(x2, k0); x3 = i32x4.add(x3, k0);
  y0 = i32x4.add(y0, kc); y1 = i32x4.add(y1, kc); y2 = i32x4.add(y2, kc); y3 = i32x4.add(y3, kc);

  x0 = i32x4.add(x0, y0); x1 = i32x4.add(x1, y1); x2 = i32x4.add(x2, y2); x3 = i32x4.add(x3, y3);
  y0 = mix(y0, 17, x0); y1 = mix(y1, 17, x1); y2 = mix(y2, 17, x2); y3 = mix(y3, 17, x3);
  x0 = i32x4.add(x0, y0); x1 = i32x4.add(x1, y1); x2 = i32x4.add(x2, y2); x3 = i32x4.add(x3, y3);
  y0 = mix(y0, 29, x0); y1 = mix(y1, 29, x1); y2 = mix(y2, 29, x2); y3 = mix(y3, 29, x3);
  x0 = i32x4.add(x0, y0); x1 = i32x4.add(x1, y1); x2 = i32x4.add(x2, y2); x3 = i32x4.add(x3, y3);
  y0 = mix(y0, 16, x0); y1 = mix(y1, 16, x1); y2 = mix(y2, 16, x2); y3 = mix(y3, 16, x3);
  x0 = i32x4.add(x0, y0); x1 = i32x4.add(x1, y1); x2 = i32x4.add(x2, y2); x3 = i32x4.add(x3, y3);
  y0 = mix(y0, 24, x0); y1 = mix(y1, 24, x1); y2 = mix(y2, 24, x2); y3 = mix(y3, 24, x3);
  x0 = i32x4.add(x0, k1); x1 = i32x4.add(x1, k1); x2 = i32x4.add(x2, k1); x3 = i32x4.add(x3, k1);
  y0 = i32x4.add(y0, kd); y1 = i32x4.add(y1, kd); y2 = i32x4.add(y2, kd); y3 = i32x4.add(y3, kd);

  x0 = i32x4.add(x0, y0); x1 = i32x4.add(x1, y1); x2 = i32x4.add(x2, y2); x3 = i32x4.add(x3, y3);
  y0 = mix(y0, 13, x0); y1 = mix(y1, 13, x1); y2 = mix(y2, 13, x2); y3 = mix(y3, 13, x3);
  x0 = i32x4.add(x0, y0); x1 = i32x4.add(x1, y1); x2 = i32x4.add(x2, y2); x3 = i32x4.add(x3, y3);
  y0 = mix(y0, 15, x0); y1 = mix(y1, 15, x1); y2 = mix(y2, 15, x2); y3 = mix(y3, 15, x3);
  x0 = i32x4.add(x0, y0); x1 = i32x4.add(x1, y1); x2 = i32x4.add(x2, y2); x3 = i32x4.add(x3, y3);
  y0 = mix(y0, 26, x0); y1 = mix(y1, 26, x1); y2 = mix(y2, 26, x2); y3 = mix(y3, 26, x3);
  x0 = i32x4.add(x0, y0); x1 = i32x4.add(x1, y1); x2 = i32x4.add(x2, y2); x3 = i32x4.add(x3, y3);
  y0 = mix(y0, 6, x0); y1 = mix(y1, 6, x1); y2 = mix(y2, 6, x2); y3 = mix(y3, 6, x3);
  x0 = i32x4.add(x0, k2); x1 = i32x4.add(x1, k2); x2 = i32x4.add(x2, k2); x3 = i32x4.add(x3, k2);
  y0 = i32x4.add(y0, ke); y1 = i32x4.add(y1, ke); y2 = i32x4.add(y2, ke); y3 = i32x4.add(y3, ke);

  low0 = x0;
  low1 = x1;
  low2 = x2;
  low3 = x3;
  high0 = y0;
  high1 = y1;
  high2 = y2;
  high3 = y3;
}

/** The words of the first two of four blocks as they follow each other. */
@inline
export function firstWords(low: v128, high: v128): v128 {
  return v128.shuffle<i32>(low, high, 0, 4, 1, 5);
}

/** The words of the last two of four blocks. */
@inline
export function lastWords(low: v128, high: v128): v128 {
  return v128.shuffle<i32>(low, high, 2, 6, 3, 7);
}

@inline
function storeWords(to: usize, low: v128, high: v128): void {
  v128.store(to, firstWords(low, high));
  v128.store(to, lastWords(low, high), 16);
}

/** The upper half of the streams, where core's randomBlock draws the keys of blocks from 2^32 on. */
const CARRY: i32 = i32.MIN_VALUE;

/** The key that the last call of keyOf found: the stream's own, or that of a later 2^32 blocks. */
export let blockKey0: i32 = 0;
export let blockKey1: i32 = 0;

/** Looks up the key under which the lower half of a block's number counts. */
export function keyOf(key0: i32, key1: i32, stream: i32, block: u64): void {
  const carried = u32(block >> 32);
  if (carried == 0) {
    blockKey0 = key0;
    blockKey1 = key1;
    return;
  }
  threefry16(key0, key1, stream ^ CARRY, carried, carried, carried, carried);
  blockKey0 = i32x4.extract_lane(low0, 0);
  blockKey1 = i32x4.extract_lane(high0, 0);
}

/** How many of `count` blocks from `block` on have its key: all, unless the lower half runs over. */
@inline
export function blocksOfKey(block: u64, count: u32): u32 {
  return u32(min<u64>(count, 0x100000000 - (block & 0xffffffff)));
}

/**
 * Writes the words of 4 · `groups` blocks from `block` on, 32 bytes a group.
 * @param key address of i32 [2]
 */
export function wordsFrom(buffer: usize, key: usize, stream: i32, block: u64, groups: i32): void {
  const key0 = i32.load(key);
  const key1 = i32.load(key, 4);
  const count = u32(groups) << 2;
  const before = blocksOfKey(block, count);
  if (before < count) return wordsAcross(buffer, key0, key1, stream, block, count);
  keyOf(key0, key1, stream, block);
  const own0 = blockKey0;
  const own1 = blockKey1;
  let next = u32(block);
  let to = buffer;
  for (let left = groups; left > 0; left -= 4) {
    threefry16(own0, own1, stream, next, next + 4, next + 8, next + 12);
    storeWords(to, low0, high0);
    if (left > 1) storeWords(to + 32, low1, high1);
    if (left > 2) storeWords(to + 64, low2, high2);
    if (left > 3) storeWords(to + 96, low3, high3);
    to += 128;
    next += 16;
  }
}

/** The same one by one, for the few blocks among which the key changes. */
function wordsAcross(
  buffer: usize,
  key0: i32,
  key1: i32,
  stream: i32,
  block: u64,
  count: u32,
): void {
  for (let i: u32 = 0; i < count; i++) {
    keyOf(key0, key1, stream, block + i);
    const at = u32(block + i);
    threefry16(blockKey0, blockKey1, stream, at, at, at, at);
    v128.store64_lane(buffer + (usize(i) << 3), firstWords(low0, high0), 0);
  }
}

/**
 * As {@link wordsFrom}, for blocks below 2^32. Dropout takes 16 bits an element of them, in their
 * order.
 */
export function threefryBlocks(
  buffer: usize,
  key: usize,
  stream: i32,
  block: u32,
  groups: i32,
): void {
  wordsFrom(buffer, key, stream, block, groups);
}
