/**
 * Whole numbers of 64 bits, the upper 32 first: `multiplyWide(a, b)`, `shiftLeft(words, bits)` and `shiftRight`, by any
 * number of bits; `below(word, limit)`, ⌊word · limit / 2³²⌋.
 */
export const WORDS = `
fn multiplyWide(a: u32, b: u32) -> vec2u {
  let low = (a & 0xffffu) * (b & 0xffffu);
  let first = (a >> 16u) * (b & 0xffffu) + (low >> 16u);
  let second = (a & 0xffffu) * (b >> 16u) + (first & 0xffffu);
  return vec2u((a >> 16u) * (b >> 16u) + (first >> 16u) + (second >> 16u), (second << 16u) | (low & 0xffffu));
}

fn below(word: u32, limit: u32) -> u32 { return multiplyWide(word, limit).x; }

fn shiftLeft(words: vec2u, bits: u32) -> vec2u {
  if (bits == 0u) { return words; }
  if (bits >= 32u) { return vec2u(words.y << (bits - 32u), 0u); }
  return vec2u((words.x << bits) | (words.y >> (32u - bits)), words.y << bits);
}

fn shiftRight(words: vec2u, bits: u32) -> vec2u {
  if (bits == 0u) { return words; }
  if (bits >= 64u) { return vec2u(); }
  if (bits >= 32u) { return vec2u(0u, words.x >> (bits - 32u)); }
  return vec2u(words.x >> bits, (words.y >> bits) | (words.x << (32u - bits)));
}

fn addWords(a: vec2u, b: vec2u) -> vec2u {
  let low = a.y + b.y;
  return vec2u(a.x + b.x + select(0u, 1u, low < a.y), low);
}
`;
