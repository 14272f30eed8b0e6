/** What DROPOUT is told. `keep` is 1/(1 − rate). */
export const DROPOUT_UNIFORMS = {
  stream: 'u32',
  threshold: 'u32',
  keep: 'f32',
} as const;

/** How dropout's factor is told of a threshold, of 65,536. */
export const dropoutUniforms = ({
  stream,
  threshold,
}: {
  readonly stream: number;
  readonly threshold: number;
}): { readonly stream: number; readonly threshold: number; readonly keep: number } => ({
  stream,
  threshold,
  keep: 65536 / (65536 - threshold),
});

/**
 * `dropoutFactor(key, element)`: 0, or what is kept is multiplied by; 1 where nothing is dropped. To be had
 * beside THREEFRY.
 */
export const DROPOUT = `
fn dropoutFactor(key: vec2u, element: u32) -> f32 {
  if (uniforms.threshold == 0u) { return 1.0; }
  let words = threefry(key, vec2u(uniforms.stream, element / 4u));
  let word = select(words.x, words.y, (element & 2u) != 0u);
  let bits = select(word & 0xffffu, word >> 16u, (element & 1u) != 0u);
  return select(uniforms.keep, 0.0, bits < uniforms.threshold);
}
`;
