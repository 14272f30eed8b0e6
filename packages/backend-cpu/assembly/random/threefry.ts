// Threefry2x32 with 20 rounds, four blocks at a time: lane l of word0 and word1 are the words of
// block l. Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011.

/** What the last call of threefry4 made; a global of the instance, so each thread has its own. */
export let word0: v128 = i32x4(0, 0, 0, 0);
export let word1: v128 = i32x4(0, 0, 0, 0);

const PARITY: i32 = 0x1bd11bda;

@inline
function rotate(x: v128, left: i32): v128 {
  if (left == 16) return v128.shuffle<u8>(x, x, 2, 3, 0, 1, 6, 7, 4, 5, 10, 11, 8, 9, 14, 15, 12, 13);
  if (left == 24) return v128.shuffle<u8>(x, x, 1, 2, 3, 0, 5, 6, 7, 4, 9, 10, 11, 8, 13, 14, 15, 12);
  return v128.or(i32x4.shl(x, left), i32x4.shr_u(x, 32 - left));
}

/**
 * Makes the blocks with counters (stream, block), …, (stream, block + 3) into word0 and word1.
 * @param key0 key1 the key: seed and step
 */
@inline
export function threefry4(key0: i32, key1: i32, stream: i32, block: u32): void {
  const key2 = key0 ^ key1 ^ PARITY;
  let x0 = i32x4.splat(stream + key0);
  let x1 = i32x4.add(i32x4.splat(i32(block) + key1), i32x4(0, 1, 2, 3));

  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 13), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 15), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 26), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 6), x0);
  x0 = i32x4.add(x0, i32x4.splat(key1));
  x1 = i32x4.add(x1, i32x4.splat(key2 + 1));

  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 17), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 29), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 16), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 24), x0);
  x0 = i32x4.add(x0, i32x4.splat(key2));
  x1 = i32x4.add(x1, i32x4.splat(key0 + 2));

  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 13), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 15), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 26), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 6), x0);
  x0 = i32x4.add(x0, i32x4.splat(key0));
  x1 = i32x4.add(x1, i32x4.splat(key1 + 3));

  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 17), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 29), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 16), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 24), x0);
  x0 = i32x4.add(x0, i32x4.splat(key1));
  x1 = i32x4.add(x1, i32x4.splat(key2 + 4));

  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 13), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 15), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 26), x0);
  x0 = i32x4.add(x0, x1); x1 = v128.xor(rotate(x1, 6), x0);
  word0 = i32x4.add(x0, i32x4.splat(key2));
  word1 = i32x4.add(x1, i32x4.splat(key0 + 5));
}

/** The words of blocks `block` and `block` + 1 as they follow each other: two words a block. */
@inline
export function firstBlocks(): v128 {
  return v128.shuffle<i32>(word0, word1, 0, 4, 1, 5);
}

/** The words of blocks `block` + 2 and `block` + 3. */
@inline
export function lastBlocks(): v128 {
  return v128.shuffle<i32>(word0, word1, 2, 6, 3, 7);
}

/**
 * Writes the words of 4 · `groups` blocks from `block` on, two words of 32 bits each.
 * @param key address of i32 [2]
 */
export function threefryBlocks(
  buffer: usize,
  key: usize,
  stream: i32,
  block: u32,
  groups: i32,
): void {
  const key0 = i32.load(key);
  const key1 = i32.load(key, 4);
  const end = buffer + (usize(groups) << 5);
  for (let to = buffer; to < end; to += 32) {
    threefry4(key0, key1, stream, block);
    v128.store(to, firstBlocks());
    v128.store(to, lastBlocks(), 16);
    block += 4;
  }
}
