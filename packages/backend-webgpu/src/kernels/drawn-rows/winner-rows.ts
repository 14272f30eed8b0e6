import { kernel, THREADS } from '../../kernel.js';
import { DOUBLE } from '../../wgsl/double.js';
import { UNIFORM } from '../../wgsl/random.js';
import { THREEFRY } from '../../wgsl/threefry.js';
import { weightSums } from '../../wgsl/weight-sums.js';
import { WORDS } from '../../wgsl/words.js';

/**
 * weights: f32 [rows], order: i32 [rows], by falling weight, key, sums: u32 [2 · rows + 2], from the smallest weight up →
 * indices: i32 [places], factors: f32 [places], others: f32 [rows]; by one workgroup.
 */
export const winnerRows = kernel({
  name: 'winnerRows',
  operands: {
    ...{ weights: 'u32', order: 'u32', key: 'u32', sums: 'u32' },
    ...{ indices: 'u32', factors: 'f32', others: 'f32' },
  },
  uniforms: { stream: 'u32', rows: 'u32', places: 'u32' },
  threads: THREADS,
  declarations: ({ weights, order, sums }) => `${THREEFRY}${WORDS}${DOUBLE}${UNIFORM}
var<workgroup> least: array<vec2u, ${THREADS}>;
var<workgroup> leastAt: array<u32, ${THREADS}>;

fn weightOf(at: u32) -> u32 { return ${weights}[${order}[uniforms.rows - 1u - at]] & 0x7fffffffu; }
${weightSums(sums)}
// The sum of the weights from a place on, in falling order.
fn rest(place: u32) -> vec2u { return sumAt(uniforms.rows - place); }`,
  main: ({ order, key, indices, factors, others }) => `
let rows = uniforms.rows;
let places = uniforms.places;
sumUp(thread, rows);
// As many winners as make rest / (places − winners) least, the fewest of those that do.
var best = vec2u(0xffffffffu);
var bestAt = 0u;
for (var at = thread; at < places; at += ${THREADS}u) {
  let each = divideDouble(rest(at), places - at);
  if (isLess(each, best)) {
    best = each;
    bestAt = at;
  }
}
least[thread] = best;
leastAt[thread] = bestAt;
workgroupBarrier();
best = least[0];
var winners = leastAt[0];
for (var at = 1u; at < ${THREADS}u; at++) {
  let other = least[at];
  if (isLess(other, best) || (all(other == best) && leastAt[at] < winners)) {
    best = other;
    winners = leastAt[at];
  }
}
if (places == rows) { winners = places; }
for (var place = thread; place < rows; place += ${THREADS}u) {
  ${others}[${order}[place]] = select(1.0, 0.0, place < winners);
}
let seed = vec2u(${key}[0], ${key}[1]);
let total = rest(winners);
for (var place = thread; place < places; place += ${THREADS}u) {
  var at = place;
  var factor = 1.0;
  if (place >= winners) {
    let u = uniform53(seed, uniforms.stream, place);
    if (all(total == vec2u())) {
      at = winners + min(floorOf(multiplyDoubles(u, doubleOfInteger(rows - winners))), rows - winners - 1u);
      factor = f32(rows - winners) / f32(places - winners);
    } else {
      let goal = multiplyDoubles(u, total);
      at = winners;
      var end = rows - 1u;
      while (at < end) {
        let middle = (at + end) / 2u;
        if (isLess(goal, rest(middle + 1u))) { at = middle + 1u; } else { end = middle; }
      }
      factor = ratio(total, subtractDoubles(rest(at), rest(at + 1u))) / f32(places - winners);
    }
  }
  ${indices}[place] = ${order}[at];
  ${factors}[place] = factor;
}`,
});
