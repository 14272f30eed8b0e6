import { DROPOUT, DROPOUT_UNIFORMS } from '../../wgsl/dropout.js';
import { EXPONENTIAL } from '../../wgsl/exponential.js';
import { NUMBERS } from '../../wgsl/numbers.js';
import { THREEFRY } from '../../wgsl/threefry.js';

/** Threads of a workgroup, which make as many scores at a time. */
export const TILE = 64;

/** The most features of a head: a thread makes every {@link TILE}-th of them. */
export const MOST_FEATURES = 256;

/** Of a head of a sequence, that a thread makes. */
export const OWN = MOST_FEATURES / TILE;

export const ATTENTION_UNIFORMS = {
  rows: 'u32',
  examples: 'u32',
  heads: 'u32',
  size: 'u32',
  root: 'f32',
  ...DROPOUT_UNIFORMS,
} as const;

/**
 * What attention's kernels have alike. `span`: the first row of the workgroup's sequence, how many there are,
 * the number of its first probability of the first head among all that are drawn bits for, and which it is;
 * shared, so that all threads go through the same loops. `tileTotal` and `tileLargest` are over the
 * workgroup's threads.
 */
export const attentionCommon = (
  starts: string,
): string => `${NUMBERS}${EXPONENTIAL}${THREEFRY}${DROPOUT}
var<workgroup> span: vec4u;
var<workgroup> partials: array<f32, ${TILE}>;
var<workgroup> weights: array<f32, ${TILE}>;

fn startAt(e: u32) -> u32 { return u32(clamp(${starts}[e], 0i, i32(uniforms.rows))); }

// Numbers of probabilities: each row's with each, or one query's.
fn drawn(length: u32, squared: bool) -> u32 { return select(length, length * length, squared); }

fn spanOf(example: u32, row: u32, squared: bool) -> vec4u {
  var element = 0u;
  for (var e = 0u; e < uniforms.examples; e++) {
    let first = startAt(e);
    let end = max(startAt(e + 1u), first);
    if (e == example || row < end) { return vec4u(first, end - first, element, e); }
    element += drawn(end - first, squared) * uniforms.heads;
  }
  return vec4u(0u, 0u, element, uniforms.examples);
}

fn tileTotal(value: f32, thread: u32) -> f32 {
  workgroupBarrier();
  partials[thread] = value;
  workgroupBarrier();
  var sum = 0.0;
  for (var at = 0u; at < ${TILE}u; at++) { sum += partials[at]; }
  return sum;
}

fn tileLargest(value: f32, thread: u32) -> f32 {
  workgroupBarrier();
  partials[thread] = value;
  workgroupBarrier();
  var most = partials[0];
  for (var at = 1u; at < ${TILE}u; at++) { most = max(most, partials[at]); }
  return most;
}
`;
