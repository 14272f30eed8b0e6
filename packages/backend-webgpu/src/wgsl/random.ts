/**
 * `randomWord(key, stream, at)`: word number `at` of a stream, two to a block. To be had beside THREEFRY.
 */
export const RANDOM_WORD = `
fn randomWord(key: vec2u, stream: u32, at: u32) -> u32 {
  let words = threefry(key, vec2u(stream, at / 2u));
  return select(words.x, words.y, (at & 1u) == 1u);
}
`;

/** `uniform53(key, stream, at)`: 53 bits of block `at` as a number in [0, 1). To be had beside THREEFRY and DOUBLE. */
export const UNIFORM = `
fn uniform53(key: vec2u, stream: u32, at: u32) -> vec2u {
  let words = threefry(key, vec2u(stream, at));
  return doubleOf(vec2u(words.x >> 11u, (words.x << 21u) | (words.y >> 11u)), false, -53);
}
`;
