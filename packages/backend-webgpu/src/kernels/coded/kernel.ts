import { elementKernel, kernel, THREADS } from '../../kernel.js';
import { CODED, CODED_UNIFORMS } from '../../wgsl/coded.js';
import { CODES_UNIFORMS, codes } from '../../wgsl/codes.js';
import { PACKING, unpacking } from '../../wgsl/packing.js';
import { THREEFRY } from '../../wgsl/threefry.js';

const UNIFORMS = { rows: 'u32', ...CODES_UNIFORMS, ...CODED_UNIFORMS } as const;

/** packed: i32 [words], ranges: i32 [rows, groups], key where `dithered` is 1, ranks → x: f32 [rows, features]. */
export const dequantize = elementKernel({
  name: 'dequantize',
  operands: { packed: 'u32', ranges: 'u32', key: 'u32', ranks: 'i32', x: 'f32' },
  uniforms: UNIFORMS,
  declarations: ({ packed, ranks }) =>
    `${THREEFRY}${PACKING}${unpacking(packed)}${codes(ranks)}${CODED}`,
  main: ({ ranges, key, x }) => `
let features = uniforms.features;
let row = i / features;
let f = i % features;
let rowGroups = (features + uniforms.groupSize - 1u) / uniforms.groupSize;
let range = ${ranges}[row * rowGroups + f / uniforms.groupSize];
let own = codesOf(row, uniforms.rows);
var random = 0u;
if (uniforms.dithered != 0u) { random = randomAt(vec2u(${key}[0], ${key}[1]), row, f); }
${x}[i] = codedValue(range, codeAt(own.y + f / 32u * own.x, f % 32u, own.x), random, own.x);`,
});

/** Outputs and features of the product that a workgroup makes, 4 × 4 a thread, and rows between two barriers. */
export const TILE = 32;
const SIDE = TILE / 4;

/** yᵀ x̂, of which a workgroup reads a tile of x̂ where it is multiplied. y: f32 [rows, outputs] → product: f32 [outputs, features]. */
export const quantizedMatmul = kernel({
  name: 'quantizedMatmul',
  operands: { y: 'f32', packed: 'u32', ranges: 'u32', key: 'u32', ranks: 'i32', product: 'f32' },
  uniforms: { ...UNIFORMS, outputs: 'u32', tiles: 'u32' },
  threads: THREADS,
  declarations: ({
    packed,
    ranks,
  }) => `${THREEFRY}${PACKING}${unpacking(packed)}${codes(ranks)}${CODED}
var<workgroup> factors: array<f32, ${TILE * TILE}>;
var<workgroup> numbers: array<f32, ${TILE * TILE}>;`,
  main: ({ y, ranges, key, product }) => `
let features = uniforms.features;
let rowGroups = (features + uniforms.groupSize - 1u) / uniforms.groupSize;
let firstFeature = group % uniforms.tiles * ${TILE}u;
let firstOutput = group / uniforms.tiles * ${TILE}u;
let output = thread / ${SIDE}u * 4u;
let column = thread % ${SIDE}u * 4u;
let seed = vec2u(${key}[0], ${key}[1]);
var sums = array<vec4f, 4>();
for (var first = 0u; first < uniforms.rows; first += ${TILE}u) {
  // Each thread reads half a row's codes, and draws once for all of them.
  let k = thread / 2u;
  let row = first + k;
  let half = thread % 2u * ${TILE / 2}u;
  if (row < uniforms.rows) {
    let own = codesOf(row, uniforms.rows);
    var words = vec4u();
    if (uniforms.dithered != 0u) { words = wordsOf(seed, row, firstFeature / 64u); }
    for (var e = half; e < half + ${TILE / 2}u; e++) {
      let f = firstFeature + e;
      var value = 0.0;
      if (f < features) {
        let range = ${ranges}[row * rowGroups + f / uniforms.groupSize];
        let code = codeAt(own.y + firstFeature / 32u * own.x, e, own.x);
        value = codedValue(range, code, randomOf(words, f), own.x);
      }
      numbers[k * ${TILE}u + e] = value;
    }
  }
  for (var item = thread; item < ${TILE * TILE}u; item += ${THREADS}u) {
    let at = first + item / ${TILE}u;
    let o = firstOutput + item % ${TILE}u;
    var value = 0.0;
    if (at < uniforms.rows && o < uniforms.outputs) { value = ${y}[at * uniforms.outputs + o]; }
    factors[item] = value;
  }
  workgroupBarrier();
  for (var at = 0u; at < min(${TILE}u, uniforms.rows - first); at++) {
    let begin = at * ${TILE}u + column;
    let right = vec4f(numbers[begin], numbers[begin + 1u], numbers[begin + 2u], numbers[begin + 3u]);
    for (var r = 0u; r < 4u; r++) { sums[r] += factors[at * ${TILE}u + output + r] * right; }
  }
  workgroupBarrier();
}
for (var r = 0u; r < 4u; r++) {
  for (var c = 0u; c < 4u; c++) {
    let goal = vec2u(firstOutput + output + r, firstFeature + column + c);
    if (goal.x < uniforms.outputs && goal.y < features) { ${product}[goal.x * features + goal.y] = sums[r][c]; }
  }
}`,
});
