import { kernel, THREADS } from '../../kernel.js';
import { RANDOM_WORD } from '../../wgsl/random.js';
import { THREEFRY } from '../../wgsl/threefry.js';
import { WORDS } from '../../wgsl/words.js';

/** Rows that are put in order in a workgroup's own memory. */
export const OWN_ROWS = 2048;

/**
 * A random order, by a workgroup. key: i32 [2], swaps: u32 [segments · rows] where there are more than OWN_ROWS → order: i32
 * [segments · rows].
 */
export const permutation = kernel({
  name: 'permutation',
  operands: { key: 'u32', swaps: 'u32', order: 'u32' },
  uniforms: { stream: 'u32', rows: 'u32' },
  threads: THREADS,
  declarations: () => `${THREEFRY}${RANDOM_WORD}${WORDS}
var<workgroup> own: array<u32, ${OWN_ROWS}>;
var<workgroup> ownSwaps: array<u32, ${OWN_ROWS}>;`,
  main: ({ key, swaps, order }) => `
let rows = uniforms.rows;
let begin = group * rows;
let seed = vec2u(${key}[0], ${key}[1]);
let here = rows <= ${OWN_ROWS}u;
for (var at = thread; at < rows; at += ${THREADS}u) {
  let to = below(randomWord(seed, uniforms.stream, begin + at), at + 1u);
  if (here) {
    own[at] = at;
    ownSwaps[at] = to;
  } else {
    ${order}[begin + at] = at;
    ${swaps}[begin + at] = to;
  }
}
workgroupBarrier();
storageBarrier();
if (thread == 0u) {
  // One after the other: each depends on those before it.
  for (var at = rows; at > 1u; at--) {
    let last = at - 1u;
    if (here) {
      let to = ownSwaps[last];
      let moved = own[last];
      own[last] = own[to];
      own[to] = moved;
    } else {
      let to = begin + ${swaps}[begin + last];
      let moved = ${order}[begin + last];
      ${order}[begin + last] = ${order}[to];
      ${order}[to] = moved;
    }
  }
}
workgroupBarrier();
if (here) {
  for (var at = thread; at < rows; at += ${THREADS}u) { ${order}[begin + at] = own[at]; }
}`,
});
