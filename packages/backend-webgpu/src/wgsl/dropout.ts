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
 * `dropoutFactors(key, block)`: of four elements, 0, or what is kept is multiplied by; 1 where nothing is dropped.
 * `dropoutFactor(key, element)`: of one. To be had beside THREEFRY.
 */
export const DROPOUT = `
fn dropoutFactors(key: vec2u, block: u32) -> vec4f {
  if (uniforms.threshold == 0u) { return vec4f(1.0); }
  let words = threefry(key, vec2u(uniforms.stream, block));
  let bits = vec4u(words.x & 0xffffu, words.x >> 16u, words.y & 0xffffu, words.y >> 16u);
  return select(vec4f(uniforms.keep), vec4f(), bits < vec4u(uniforms.threshold));
}

fn dropoutFactor(key: vec2u, element: u32) -> f32 { return dropoutFactors(key, element / 4u)[element % 4u]; }
`;
