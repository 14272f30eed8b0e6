import { THREADS } from '../kernel.js';

/**
 * `sumUp(thread, rows)`: sums of the first 0, 1, … weights of 64 bits, added in their order; `weightOf(at)` gives a weight's
 * bits, and sums are two words each. By one workgroup, all of whose threads call it. To be had beside DOUBLE.
 */
export const weightSums = (sums: string): string => `
var<workgroup> ownWeights: array<u32, ${THREADS}>;
var<workgroup> partials: array<vec2u, ${THREADS}>;

fn sumAt(at: u32) -> vec2u { return vec2u(${sums}[2u * at], ${sums}[2u * at + 1u]); }

fn sumUp(thread: u32, rows: u32) {
  var total = vec2u();
  if (thread == 0u) {
    ${sums}[0] = 0u;
    ${sums}[1] = 0u;
  }
  for (var begin = 0u; begin < rows; begin += ${THREADS}u) {
    let at = begin + thread;
    if (at < rows) { ownWeights[thread] = weightOf(at); }
    workgroupBarrier();
    if (thread == 0u) {
      for (var row = 0u; row < min(${THREADS}u, rows - begin); row++) {
        total = addDoubles(total, doubleOfFloat(ownWeights[row]));
        partials[row] = total;
      }
    }
    workgroupBarrier();
    if (at < rows) {
      ${sums}[2u * at + 2u] = partials[thread].x;
      ${sums}[2u * at + 3u] = partials[thread].y;
    }
  }
  storageBarrier();
}
`;
