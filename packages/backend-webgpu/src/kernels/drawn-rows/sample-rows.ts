import { kernel, THREADS } from '../../kernel.js';
import { DOUBLE } from '../../wgsl/double.js';
import { UNIFORM } from '../../wgsl/random.js';
import { THREEFRY } from '../../wgsl/threefry.js';
import { weightSums } from '../../wgsl/weight-sums.js';
import { WORDS } from '../../wgsl/words.js';

/** weights: f32 [rows], key, sums: u32 [2 · rows + 2] → indices: i32 [draws], factors: f32 [draws]; by one workgroup. */
export const sampleRows = kernel({
  name: 'sampleRows',
  operands: { weights: 'u32', key: 'u32', sums: 'u32', indices: 'u32', factors: 'f32' },
  uniforms: { stream: 'u32', rows: 'u32', draws: 'u32' },
  threads: THREADS,
  declarations: ({ weights, sums }) => `${THREEFRY}${WORDS}${DOUBLE}${UNIFORM}
fn weightOf(at: u32) -> u32 { return ${weights}[at] & 0x7fffffffu; }
${weightSums(sums)}`,
  main: ({ key, indices, factors }) => `
let rows = uniforms.rows;
sumUp(thread, rows);
let total = sumAt(rows);
let seed = vec2u(${key}[0], ${key}[1]);
for (var draw = thread; draw < uniforms.draws; draw += ${THREADS}u) {
  let u = uniform53(seed, uniforms.stream, draw);
  if (all(total == vec2u())) {
    ${indices}[draw] = min(floorOf(multiplyDoubles(u, doubleOfInteger(rows))), rows - 1u);
    ${factors}[draw] = f32(rows) / f32(uniforms.draws);
    continue;
  }
  let goal = multiplyDoubles(u, total);
  // Rounded up to the whole sum, it belongs to the last row that has a stretch.
  let last = !isLess(goal, total);
  var row = 0u;
  var end = rows;
  while (row < end) {
    let middle = (row + end) / 2u;
    let sum = sumAt(middle + 1u);
    if (isLess(goal, sum) || (last && !isLess(sum, total))) { end = middle; } else { row = middle + 1u; }
  }
  ${indices}[draw] = row;
  ${factors}[draw] = ratio(total, subtractDoubles(sumAt(row + 1u), sumAt(row))) / f32(uniforms.draws);
}`,
});
