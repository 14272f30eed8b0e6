/** Codes that are packed together, in as many words as a code has bits. */
export const PACKED = 32;

/**
 * Codes as core packs them (quantization/packing.ts): `bitOf(e, width)`, the bit at which code e of 32 begins in a
 * plane of so many bits a code; `lowerBits(bits)`, those of a code's first plane: of 3 bits two, then the highest.
 */
export const PACKING = `
fn bitOf(e: u32, width: u32) -> u32 {
  let run = min(8u, 32u / width);
  let turn = e >> 2u;
  return (turn / run) * 128u + (e & 3u) * run * width + (turn % run) * width;
}

fn lowerBits(bits: u32) -> u32 { return select(bits, 2u, bits == 3u); }
`;

/** `codeAt(begin, e, bits)`: code e of those whose words begin there in an array. To be had beside PACKING. */
export const unpacking = (words: string): string => `
fn codeAt(begin: u32, e: u32, bits: u32) -> u32 {
  let width = lowerBits(bits);
  let bit = bitOf(e, width);
  var code = (${words}[begin + (bit >> 5u)] >> (bit & 31u)) & ((1u << width) - 1u);
  if (bits == 3u) { code |= ((${words}[begin + 2u] >> bitOf(e, 1u)) & 1u) << 2u; }
  return code;
}
`;
