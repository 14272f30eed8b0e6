import { kernel } from '../../kernel.js';
import { PRODUCT_OPERANDS, PRODUCT_UNIFORMS } from './sizes.js';

/** Rows and columns that a workgroup makes, in steps of so many of k. */
export const SHARED_TILE = 64;
const STEP = 16;

/** Rows and columns that a thread makes. */
const OWN = 8;
const ACROSS = SHARED_TILE / OWN;
const SHARED_THREADS = ACROSS * ACROSS;

const VECTORS = SHARED_TILE / 4;

/** Elements of a tile that a thread fetches. */
const FETCHED = (SHARED_TILE * STEP) / SHARED_THREADS;

/**
 * Fetches a tile, [STEP, SHARED_TILE], of which neighbouring threads take what lies side by side in memory.
 * `along`: the number of a row of a or of a column of b.
 */
const fetched = (
  tile: string,
  from: string,
  of: { begin: string; most: string; stride: string; inner: string },
): string => `
for (var turn = 0u; turn < ${FETCHED}u; turn++) {
  let number = turn * ${SHARED_THREADS}u + thread;
  var along = number % ${SHARED_TILE}u;
  var inner = number / ${SHARED_TILE}u;
  if (${of.inner} == 1u) {
    along = number / ${STEP}u;
    inner = number % ${STEP}u;
  }
  let at = ${of.begin} + along;
  let k = step + inner;
  var value = 0.0;
  if (at < ${of.most} && k < end) { value = ${from}[${tile}Begin + at * ${of.stride} + k * ${of.inner}]; }
  ${tile}[inner * ${VECTORS}u + along / 4u][along % 4u] = value;
}`;

const eight = (each: (at: number) => string): string =>
  Array.from({ length: OWN }, (_, at) => each(at)).join('\n');

/**
 * a: [batch, m, k], b: [batch, k, n], each by its strides → y: [parts, batch, m, n], + bias [n] where `biased` is 1:
 * each part is the sum over so many of k. A workgroup makes 64 × 64 numbers, and shares what it reads of a and b.
 */
export const sharedMatmul = kernel({
  name: 'sharedMatmul',
  operands: PRODUCT_OPERANDS,
  uniforms: { ...PRODUCT_UNIFORMS, batch: 'u32', part: 'u32' },
  threads: SHARED_THREADS,
  declarations: () => `
var<workgroup> tileA: array<vec4f, ${STEP * VECTORS}>;
var<workgroup> tileB: array<vec4f, ${STEP * VECTORS}>;`,
  main: ({ a, b, bias, y }) => `
let across = (uniforms.n + ${SHARED_TILE - 1}u) / ${SHARED_TILE}u;
let down = (uniforms.m + ${SHARED_TILE - 1}u) / ${SHARED_TILE}u;
let firstColumn = (group % across) * ${SHARED_TILE}u;
let firstRow = ((group / across) % down) * ${SHARED_TILE}u;
let batch = (group / (across * down)) % uniforms.batch;
let part = group / (across * down * uniforms.batch);
let end = min((part + 1u) * uniforms.part, uniforms.k);
let tileABegin = batch * uniforms.aBatch;
let tileBBegin = batch * uniforms.bBatch;
let left = (thread % ${ACROSS}u) * 2u;
let upper = (thread / ${ACROSS}u) * 2u;
${eight((row) => `var l${row} = vec4f(); var r${row} = vec4f();`)}
for (var step = part * uniforms.part; step < end; step += ${STEP}u) {
  ${fetched('tileA', a, { begin: 'firstRow', most: 'uniforms.m', stride: 'uniforms.aRow', inner: 'uniforms.aInner' })}
  ${fetched('tileB', b, { begin: 'firstColumn', most: 'uniforms.n', stride: 'uniforms.bColumn', inner: 'uniforms.bInner' })}
  workgroupBarrier();
  for (var inner = 0u; inner < ${STEP}u; inner++) {
    let top = tileA[inner * ${VECTORS}u + upper];
    let bottom = tileA[inner * ${VECTORS}u + upper + 1u];
    let first = tileB[inner * ${VECTORS}u + left];
    let second = tileB[inner * ${VECTORS}u + left + 1u];
    ${eight((row) => {
      const element = `${row < 4 ? 'top' : 'bottom'}.${'xyzw'[row % 4]}`;
      return `l${row} += ${element} * first; r${row} += ${element} * second;`;
    })}
  }
  workgroupBarrier();
}
let begin = (part * uniforms.batch + batch) * uniforms.m * uniforms.n;
let column = firstColumn + 4u * left;
let row = firstRow + 4u * upper;
for (var at = 0u; at < 4u; at++) {
  var addedLeft = 0.0;
  var addedRight = 0.0;
  // Parts are added up.
  if (uniforms.biased != 0u && part == 0u) {
    if (column + at < uniforms.n) { addedLeft = ${bias}[column + at]; }
    if (column + 4u + at < uniforms.n) { addedRight = ${bias}[column + 4u + at]; }
  }
  ${eight(
    (each) => `if (row + ${each}u < uniforms.m) {
    let to = begin + (row + ${each}u) * uniforms.n + column + at;
    if (column + at < uniforms.n) { ${y}[to] = l${each}[at] + addedLeft; }
    if (column + 4u + at < uniforms.n) { ${y}[to + 4u] = r${each}[at] + addedRight; }
  }`,
  )}
}`,
});
