import { kernel, THREADS } from '../../kernel.js';
import type { CheckKind } from '../../lowering.js';
import { USED_ROWS_UNIFORMS, usedRows } from '../../wgsl/used-rows.js';

/** What is found where all is well. */
export const FINE = 0xffff_ffff;

/** Kinds of checks, by what the kernel calls them. */
export const CHECKS: Readonly<Record<CheckKind, number>> = {
  indices: 0,
  rising: 1,
  weights: 2,
  numbers: 3,
  faults: 4,
};

/**
 * Looks for the first of some numbers that is wrong, in one workgroup.
 * x: [rows], of which only those before the end of `starts` are looked at → found[2 · check, 2 · check + 1]: its position and its bits, or {@link FINE}.
 */
export const checked = kernel({
  name: 'checked',
  operands: { x: 'u32', starts: 'i32', found: 'u32' },
  uniforms: { kind: 'u32', limits: 'vec4u', check: 'u32', ...USED_ROWS_UNIFORMS },
  threads: THREADS,
  declarations: ({ x, starts }) => `${usedRows(starts)}
var<workgroup> least: atomic<u32>;

fn wrong(at: u32) -> bool {
  if (uniforms.kind == ${CHECKS.faults}u) { return ${x}[2u * at] != ${FINE}u; }
  let bits = ${x}[at];
  let value = bitcast<i32>(bits);
  let limits = vec4i(uniforms.limits);
  switch uniforms.kind {
    case ${CHECKS.indices}: { return value < 0 || value >= limits.x; }
    case ${CHECKS.rising}: {
      if (at == 0u) { return value != 0; }
      let before = bitcast<i32>(${x}[at - 1u]);
      // Where those before it are wrong, the first of them is what is told.
      let most = min(limits.x, select(before + limits.y, limits.x, before > limits.x - limits.y));
      let lowest = select(before, max(before, limits.z), at == uniforms.rows - 1u);
      return value < lowest || value > most;
    }
    case ${CHECKS.weights}: { return bits >= 0x7f800000u && bits != 0x80000000u; }
    default: { return (bits & 0x7fffffffu) > 0x7f800000u; }
  }
}`,
  main: ({ x, found }) =>
    `
if (thread == 0u) { atomicStore(&least, ${FINE}u); }
workgroupBarrier();
let count = usedRows();
for (var at = thread; at < count; at += ${THREADS}u) {
  if (wrong(at)) {
    atomicMin(&least, at);
    break;
  }
}
workgroupBarrier();
if (thread == 0u) {
  let at = atomicLoad(&least);
  let told = at != ${FINE}u && uniforms.kind == ${CHECKS.faults}u;
  var position = at;
  if (told) { position = ${x}[2u * at]; }
  ${found}[2u * uniforms.check] = position;
  if (at != ${FINE}u) { ${found}[2u * uniforms.check + 1u] = ${x}[select(at, 2u * at + 1u, told)]; }
}`,
});
