import { GAUSSIANS_PER_BLOCK } from '@sketchgrad/core';
import { kernel, THREADS } from '../../kernel.js';
import { PARTS } from '../../wgsl/parts.js';
import { THREEFRY } from '../../wgsl/threefry.js';

/** Rows and columns of the product that a workgroup makes, 4 × 4 a thread. */
export const TILE = 32;
const SIDE = TILE / 4;

/** Rows that are multiplied between two barriers: whole blocks of Gaussians, whole words of signs. */
export const GAUSSIAN_DEPTH = 4 * GAUSSIANS_PER_BLOCK;
export const SIGN_DEPTH = 32;

/** Entries' kinds, by what the kernel calls them; signs `across` are of a matrix that lies transposed. */
export const ENTRIES = { gaussian: 0, rademacher: 1, across: 2 } as const;

/**
 * Sᵀ x, of which a workgroup draws a tile of S into its own memory where it is multiplied. S: [n, rows], in
 * `blocks` diagonal blocks, column j beginning at block j · columnBlocks of the stream; of kind `across`, row t
 * does, and there is one block. x: [n, columns] and y: [rows, columns] by their strides, x's rows in an order
 * where `ordered` is 1. table: f32 [4096].
 */
export const randomProduct = kernel({
  name: 'randomProduct',
  operands: { x: 'f32', key: 'u32', order: 'i32', table: 'f32', y: 'f32' },
  uniforms: {
    ...{ kind: 'u32', stream: 'u32', columnBlocks: 'u32', ordered: 'u32' },
    ...{ n: 'u32', rows: 'u32', columns: 'u32', blocks: 'u32' },
    ...{ tiles: 'u32', columnTiles: 'u32', longer: 'f32', shorter: 'f32' },
    ...{ xRow: 'u32', xColumn: 'u32', yRow: 'u32', yColumn: 'u32' },
  },
  threads: THREADS,
  declarations: ({ key, table }) => `${THREEFRY}${PARTS}
var<workgroup> entries: array<f32, ${SIGN_DEPTH * TILE}>;
var<workgroup> numbers: array<f32, ${SIGN_DEPTH * TILE}>;

fn drawn(column: u32, block: u32) -> vec2u {
  return threefry(vec2u(${key}[0], ${key}[1]), vec2u(uniforms.stream, column * uniforms.columnBlocks + block));
}

// Entries of columns from one on, of rows from one of the block's on: [row][column].
fn drawGaussians(thread: u32, firstColumn: u32, firstRow: u32, scale: f32) {
  for (var item = thread; item < ${4 * TILE}u; item += ${THREADS}u) {
    let column = item % ${TILE}u;
    let block = item / ${TILE}u;
    let words = drawn(firstColumn + column, firstRow / ${GAUSSIANS_PER_BLOCK}u + block);
    let at = block * ${GAUSSIANS_PER_BLOCK * TILE}u + column;
    entries[at] = ${table}[words.x & 0xfffu] * scale;
    entries[at + ${TILE}u] = ${table}[(words.x >> 12u) & 0xfffu] * scale;
    entries[at + ${2 * TILE}u] = ${table}[words.y & 0xfffu] * scale;
    entries[at + ${3 * TILE}u] = ${table}[(words.y >> 12u) & 0xfffu] * scale;
    entries[at + ${4 * TILE}u] = ${table}[(words.x >> 24u) | ((words.y >> 20u) & 0xf00u)] * scale;
  }
}

fn drawSigns(thread: u32, firstColumn: u32, firstRow: u32, scale: f32) {
  if (thread >= ${TILE}u) { return; }
  let across = uniforms.kind == ${ENTRIES.across}u;
  let own = select(firstColumn, firstRow, across) + thread;
  let first = select(firstRow, firstColumn, across);
  let words = drawn(own, first / 64u);
  let word = select(words.x, words.y, (first & 32u) != 0u);
  for (var bit = 0u; bit < 32u; bit++) {
    let at = select(bit * ${TILE}u + thread, thread * ${TILE}u + bit, across);
    entries[at] = select(scale, -scale, ((word >> bit) & 1u) == 1u);
  }
}`,
  main: ({ x, order, y }) => `
let columnTile = group % uniforms.columnTiles * ${TILE}u;
let tile = group / uniforms.columnTiles % uniforms.tiles;
let block = group / (uniforms.columnTiles * uniforms.tiles);
let begin = beginOf(uniforms.n, uniforms.blocks, block);
let end = beginOf(uniforms.n, uniforms.blocks, block + 1u);
let firstColumn = beginOf(uniforms.rows, uniforms.blocks, block) + tile * ${TILE}u;
let lastColumn = beginOf(uniforms.rows, uniforms.blocks, block + 1u);
if (firstColumn >= lastColumn) { return; }
let scale = select(uniforms.shorter, uniforms.longer, block < uniforms.rows % uniforms.blocks);
let depth = select(${SIGN_DEPTH}u, ${GAUSSIAN_DEPTH}u, uniforms.kind == ${ENTRIES.gaussian}u);
let row = thread / ${SIDE}u * 4u;
let column = thread % ${SIDE}u * 4u;
var sums = array<vec4f, 4>();
for (var first = begin; first < end; first += depth) {
  if (uniforms.kind == ${ENTRIES.gaussian}u) { drawGaussians(thread, firstColumn, first - begin, scale); }
  else { drawSigns(thread, firstColumn, first - begin, scale); }
  for (var item = thread; item < depth * ${TILE}u; item += ${THREADS}u) {
    var t = first + item / ${TILE}u;
    let c = columnTile + item % ${TILE}u;
    var value = 0.0;
    if (t < end && c < uniforms.columns) {
      if (uniforms.ordered != 0u) { t = u32(clamp(${order}[t], 0i, i32(uniforms.n) - 1i)); }
      value = ${x}[t * uniforms.xRow + c * uniforms.xColumn];
    }
    numbers[item] = value;
  }
  workgroupBarrier();
  for (var k = 0u; k < depth; k++) {
    let at = k * ${TILE}u + column;
    let right = vec4f(numbers[at], numbers[at + 1u], numbers[at + 2u], numbers[at + 3u]);
    for (var r = 0u; r < 4u; r++) { sums[r] += entries[k * ${TILE}u + row + r] * right; }
  }
  workgroupBarrier();
}
for (var r = 0u; r < 4u; r++) {
  for (var c = 0u; c < 4u; c++) {
    let goal = vec2u(firstColumn + row + r, columnTile + column + c);
    if (goal.x < lastColumn && goal.y < uniforms.columns) {
      ${y}[goal.x * uniforms.yRow + goal.y * uniforms.yColumn] = sums[r][c];
    }
  }
}`,
});
