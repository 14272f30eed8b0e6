/** What CODED is told beside CODES: `dithered`, whether there is a key; `zero` is 0. */
export const CODED_UNIFORMS = { dithered: 'u32', zero: 'u32' } as const;

/** How kernels are told so. */
export const codedUniforms = (stream: number | undefined) => ({
  dithered: Number(stream !== undefined),
  zero: 0,
});

/**
 * `codedValue(packed, code, random, bits)`: what a code stands for in a group with this range, as core has it
 * (quantization/dither.ts) to the bit.
 */
export const CODED = `
fn codedValue(packed: u32, code: u32, random: u32, bits: u32) -> f32 {
  let minimum = bitcast<f32>(packed << 16u);
  let step = bitcast<f32>(packed & 0x7fff0000u);
  // Products of so few bits are exact.
  if (uniforms.dithered == 0u || (packed >> 31u) == 0u) { return minimum + step * f32(code); }
  var mean = 32767.5 / 65536.0;
  var taken = random;
  if (bits == 1u) {
    mean = 40959.0 / 65536.0;
    taken += random >> 2u;
  } else if (bits == 2u) {
    mean = 28672.0 / 65536.0;
    taken -= random >> 3u;
  }
  let origin = minimum + step * mean;
  let part = (step / 65536.0) * f32(i32(code << 16u) - i32(taken));
  // Rounded before it is added, whatever the compiler makes of a product and a sum.
  return origin + bitcast<f32>(bitcast<u32>(part) ^ uniforms.zero);
}
`;
