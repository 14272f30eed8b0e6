import { elementKernel } from '../../kernel.js';

/**
 * Rows by falling priority, of equal ones the lower first. priorities: f32 [count] → ranks: i32 [count], each row's, or where
 * `inverse` is 1 the row of each rank.
 */
export const rankRows = elementKernel({
  name: 'rankRows',
  operands: { priorities: 'u32', ranks: 'i32' },
  uniforms: { inverse: 'u32' },
  declarations: () => `
// A whole number that rises with a float's bits; 0 of either sign is one.
fn rising(bits: u32) -> u32 {
  if ((bits << 1u) == 0u) { return 0x80000000u; }
  return select(bits | 0x80000000u, ~bits, bits > 0x7fffffffu);
}`,
  main: ({ priorities, ranks }) => `
let own = rising(${priorities}[i]);
var rank = 0u;
for (var row = 0u; row < uniforms.count; row++) {
  let other = rising(${priorities}[row]);
  if (other > own || (other == own && row < i)) { rank++; }
}
if (uniforms.inverse != 0u) { ${ranks}[rank] = i32(i); } else { ${ranks}[i] = i32(rank); }`,
});
