import { elementKernel } from '../../kernel.js';
import { STRIDED, STRIDED_UNIFORMS } from '../../wgsl/strided.js';

/** x: 32-bit words, from `xBegin` on, in one order → y, from `yBegin` on, in another; `count` of them. */
export const move = elementKernel({
  name: 'move',
  operands: { x: 'u32', y: 'u32' },
  uniforms: { xBegin: 'u32', yBegin: 'u32', ...STRIDED_UNIFORMS },
  declarations: () => STRIDED,
  main: ({ x, y }) => `
let at = strided(i);
${y}[uniforms.yBegin + at.y] = ${x}[uniforms.xBegin + at.x];`,
});
