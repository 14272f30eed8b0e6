/** As many axes as there may be once those that go together are one. */
export const AXES = 8;

/** What STRIDED is told: sizes of the axes, last axis last, and the strides of two tensors along them. */
export const STRIDED_UNIFORMS = {
  outerSizes: 'vec4u',
  innerSizes: 'vec4u',
  outerFirst: 'vec4u',
  innerFirst: 'vec4u',
  outerSecond: 'vec4u',
  innerSecond: 'vec4u',
} as const;

/** `strided(i)`: where element i of all lies in two tensors. */
export const STRIDED = `
fn strided(i: u32) -> vec2u {
  var rest = i;
  var at = vec2u();
  for (var axis = 3i; axis >= 0 && rest > 0u; axis--) {
    let size = uniforms.innerSizes[axis];
    let here = rest % size;
    rest /= size;
    at += here * vec2u(uniforms.innerFirst[axis], uniforms.innerSecond[axis]);
  }
  for (var axis = 3i; axis >= 0 && rest > 0u; axis--) {
    let size = uniforms.outerSizes[axis];
    let here = rest % size;
    rest /= size;
    at += here * vec2u(uniforms.outerFirst[axis], uniforms.outerSecond[axis]);
  }
  return at;
}
`;
