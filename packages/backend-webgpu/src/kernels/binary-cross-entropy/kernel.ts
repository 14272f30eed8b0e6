import { elementKernel } from '../../kernel.js';
import { EXPONENTIAL } from '../../wgsl/exponential.js';
import { NUMBERS } from '../../wgsl/numbers.js';
import { USED_ROWS_UNIFORMS, usedRows } from '../../wgsl/used-rows.js';

/** logits, targets: f32 [rows, each] → losses: f32 [rows, each], 0 in rows that are nobody's. */
export const binaryCrossEntropy = elementKernel({
  name: 'binaryCrossEntropy',
  operands: { logits: 'f32', targets: 'f32', starts: 'i32', losses: 'f32' },
  uniforms: { each: 'u32', ...USED_ROWS_UNIFORMS },
  declarations: ({ starts }) => `${NUMBERS}${EXPONENTIAL}${usedRows(starts)}
// ln(1 + e) for 0 ≤ e ≤ 1, also where e is tiny: 2 (s + s³/3 + s⁵/5 + …) with s = e/(2 + e) ≤ ⅓.
fn logOnePlus(e: f32) -> f32 {
  let s = e / (2.0 + e);
  let square = s * s;
  var p = 1.0 / 15.0;
  p = p * square + 1.0 / 13.0;
  p = p * square + 1.0 / 11.0;
  p = p * square + 1.0 / 9.0;
  p = p * square + 1.0 / 7.0;
  p = p * square + 1.0 / 5.0;
  p = p * square + 1.0 / 3.0;
  return 2.0 * s * (p * square + 1.0);
}`,
  main: ({ logits, targets, losses }) => `
let z = ${logits}[i];
let loss = (select(z, 0.0, z <= 0.0) - z * ${targets}[i]) + logOnePlus(exponential(-abs(z)));
${losses}[i] = select(0.0, loss, i / uniforms.each < usedRows());`,
});

/** logits, targets: f32 [rows, each], dloss: f32 [1] → dlogits, which may lie over either. */
export const binaryCrossEntropyGradient = elementKernel({
  name: 'binaryCrossEntropyGradient',
  operands: { logits: 'f32', targets: 'f32', dloss: 'f32', starts: 'i32', dlogits: 'f32' },
  uniforms: { each: 'u32', ...USED_ROWS_UNIFORMS },
  declarations: ({ starts }) => `${NUMBERS}${EXPONENTIAL}${usedRows(starts)}`,
  main: ({ logits, targets, dloss, dlogits }) => `
let used = usedRows();
let z = ${logits}[i];
// e^−|z| never overflows.
let power = exponential(-abs(z));
let probability = select(1.0, power, z < 0.0) / (1.0 + power);
let value = (probability - ${targets}[i]) * (${dloss}[0] / f32(used * uniforms.each));
${dlogits}[i] = select(0.0, value, i / uniforms.each < used);`,
});
