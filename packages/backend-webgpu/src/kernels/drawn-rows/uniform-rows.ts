import { kernel, THREADS } from '../../kernel.js';
import { DOUBLE } from '../../wgsl/double.js';
import { UNIFORM } from '../../wgsl/random.js';
import { THREEFRY } from '../../wgsl/threefry.js';
import { WORDS } from '../../wgsl/words.js';

/** key: i32 [2], every: [rows] where `replacement` is 0 → indices: i32 [draws]; by one workgroup. */
export const uniformRows = kernel({
  name: 'uniformRows',
  operands: { key: 'u32', every: 'u32', indices: 'u32' },
  uniforms: { stream: 'u32', rows: 'u32', draws: 'u32', replacement: 'u32' },
  threads: THREADS,
  declarations: () => `${THREEFRY}${WORDS}${DOUBLE}${UNIFORM}`,
  main: ({ key, every, indices }) => `
let rows = uniforms.rows;
let again = uniforms.replacement != 0u;
let seed = vec2u(${key}[0], ${key}[1]);
for (var draw = thread; draw < uniforms.draws; draw += ${THREADS}u) {
  let first = select(draw, 0u, again);
  let part = multiplyDoubles(uniform53(seed, uniforms.stream, draw), doubleOfInteger(rows - first));
  ${indices}[draw] = min(first + floorOf(part), rows - 1u);
}
if (again) { return; }
for (var row = thread; row < rows; row += ${THREADS}u) { ${every}[row] = row; }
storageBarrier();
if (thread != 0u) { return; }
// One after the other: each depends on those before it.
for (var draw = 0u; draw < uniforms.draws; draw++) {
  let at = ${indices}[draw];
  ${indices}[draw] = ${every}[at];
  ${every}[at] = ${every}[draw];
}`,
});
