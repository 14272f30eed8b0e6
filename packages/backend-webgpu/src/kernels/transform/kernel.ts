import { elementKernel } from '../../kernel.js';

/** Transforms, by what the kernels call them. */
export const TRANSFORM = { hadamard: 0, dct: 1, dft: 2 } as const;

/** Steps of a transform that one pass makes, each thread of 2 to their power of elements. */
export const PASS_STEPS = 4;

/** How blocks of x's rows are transformed, each of `size` places and two features to a complex number. */
const SIZES = { size: 'u32', pairs: 'u32' } as const;

/**
 * Puts rows of x under their signs to their places. x: f32 [n, features], words of signs: u32 [n / 32], lists of indices where
 * `ordered` and `slotted` are 1 → z: complex [blocks · size, pairs], two features to a number. Of a dct the even places come
 * first and the odd ones backwards behind them (Makhoul, IEEE Trans. ASSP 28, 1980).
 */
export const spread = elementKernel({
  name: 'spread',
  operands: { x: 'f32', words: 'u32', order: 'i32', slots: 'i32', z: 'vec2f' },
  uniforms: {
    ...{ which: 'u32', n: 'u32', features: 'u32', blocks: 'u32', ordered: 'u32', slotted: 'u32' },
    ...SIZES,
  },
  main: ({ x, words, order, slots, z }) => `
let size = uniforms.size;
let pair = i % uniforms.pairs;
let at = i / uniforms.pairs;
let block = at / size;
let own = at % size;
let blockSize = uniforms.n / uniforms.blocks;
let longer = uniforms.n % uniforms.blocks;
let t = block * blockSize + min(block, longer) + own;
var value = vec2f();
if (own < blockSize + select(0u, 1u, block < longer)) {
  var row = t;
  if (uniforms.ordered != 0u) { row = u32(clamp(${order}[t], 0i, i32(uniforms.n) - 1i)); }
  let begin = row * uniforms.features + 2u * pair;
  value.x = ${x}[begin];
  if (2u * pair + 1u < uniforms.features) { value.y = ${x}[begin + 1u]; }
  if (((${words}[t / 32u] >> (t % 32u)) & 1u) == 1u) { value = -value; }
}
var place = own;
if (uniforms.slotted != 0u) { place = u32(clamp(${slots}[at], 0i, i32(size) - 1i)); }
if (uniforms.which == ${TRANSFORM.dct}u) {
  place = select(place / 2u, size - 1u - place / 2u, (place & 1u) == 1u);
}
${z}[(block * size + place) * uniforms.pairs + pair] = value;`,
});

/**
 * Some steps of a transform in place, from the widest stride down: butterflies, whose differences are turned
 * where `which` is no hadamard, so that the numbers of a Fourier transform end in the order of their reversed bits.
 * z: complex [blocks · size, pairs], turns: complex [size / 2], e^(−2πik/size). The last of the steps has the stride `stride`.
 */
export const steps = elementKernel({
  name: 'steps',
  operands: { z: 'vec2f', turns: 'vec2f' },
  uniforms: { which: 'u32', steps: 'u32', stride: 'u32', ...SIZES },
  main: ({ z, turns }) => `
let pairs = uniforms.pairs;
let pair = i % pairs;
let index = i / pairs;
let stride = uniforms.stride;
let count = 1u << uniforms.steps;
// Elements a stride apart, of which each thread has as many as there are.
let low = index % stride;
let begin = (index / stride) * stride * count + low;
var values = array<vec2f, ${2 ** PASS_STEPS}>();
for (var e = 0u; e < count; e++) { values[e] = ${z}[(begin + e * stride) * pairs + pair]; }
for (var half = count / 2u; half > 0u; half /= 2u) {
  for (var b = 0u; b < count / 2u; b++) {
    let first = (b / half) * 2u * half + b % half;
    let a = values[first];
    let other = values[first + half];
    var difference = a - other;
    if (uniforms.which != ${TRANSFORM.hadamard}u) {
      // Of its span, 2 · half · stride long, this is the element (b mod half) · stride + low.
      let turn = ${turns}[((b % half) * stride + low) * (uniforms.size / (2u * half * stride))];
      difference = vec2f(difference.x * turn.x - difference.y * turn.y, difference.x * turn.y + difference.y * turn.x);
    }
    values[first] = a + other;
    values[first + half] = difference;
  }
}
for (var e = 0u; e < count; e++) { ${z}[(begin + e * stride) * pairs + pair] = values[e]; }`,
});

/**
 * Rows of the transformed. z: complex [blocks · size, pairs], of which `chosen` says what to take where `picked` is 1, or else words of
 * draws: u32 [rows]; turns: complex [size], e^(−πik/2size) → y: f32 [rows, features].
 */
export const choose = elementKernel({
  name: 'choose',
  operands: { z: 'vec2f', words: 'u32', chosen: 'i32', turns: 'vec2f', y: 'f32' },
  uniforms: {
    ...{ which: 'u32', rows: 'u32', blocks: 'u32', features: 'u32', picked: 'u32', bits: 'u32' },
    ...{ longer: 'f32', shorter: 'f32' },
    ...SIZES,
  },
  declarations: ({ z }) => `
fn numberAt(block: u32, k: u32, pair: u32) -> vec2f {
  let at = reverseBits(k) >> (32u - uniforms.bits);
  return ${z}[(block * uniforms.size + select(at, 0u, uniforms.bits == 0u)) * uniforms.pairs + pair];
}`,
  main: ({ z, words, chosen, turns, y }) => `
let size = uniforms.size;
let feature = i % uniforms.features;
let j = i / uniforms.features;
let pair = feature / 2u;
let odd = (feature & 1u) == 1u;
let blockRows = uniforms.rows / uniforms.blocks;
let more = uniforms.rows % uniforms.blocks;
let ofLonger = more * (blockRows + 1u);
var block = j / (blockRows + 1u);
if (j >= ofLonger) { block = more + (j - ofLonger) / blockRows; }
let own = j - (block * blockRows + min(block, more));
// A word's upper bits.
var r = select(${words}[j] >> (32u - uniforms.bits), 0u, uniforms.bits == 0u);
if (uniforms.picked != 0u) { r = u32(clamp(${chosen}[block * size + own], 0i, i32(size) - 1i)); }
let flat = select(uniforms.shorter, uniforms.longer, block < more);
if (uniforms.which == ${TRANSFORM.hadamard}u) {
  let value = ${z}[(block * size + r) * uniforms.pairs + pair];
  ${y}[i] = flat * select(value.x, value.y, odd);
  return;
}
let ofDct = uniforms.which == ${TRANSFORM.dct}u;
let k = select((r + 1u) / 2u, r, ofDct);
// Of two real columns' transform, one's: halves of its sum and difference with what is its mirror's conjugate.
let a = numberAt(block, k, pair);
let b = numberAt(block, (size - k) % size, pair);
let number = 0.5 * select(vec2f(a.x + b.x, a.y - b.y), vec2f(a.y + b.y, b.x - a.x), odd);
let wave = flat * 1.4142135623730951;
if (r == 0u) { ${y}[i] = flat * number.x; }
else if (ofDct) { ${y}[i] = wave * (number.x * ${turns}[k].x - number.y * ${turns}[k].y); }
else if (r == size - 1u) { ${y}[i] = flat * number.x; }
else { ${y}[i] = wave * select(-number.y, number.x, (r & 1u) == 1u); }`,
});
