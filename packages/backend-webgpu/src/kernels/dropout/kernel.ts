import { elementKernel } from '../../kernel.js';
import { DROPOUT, DROPOUT_UNIFORMS } from '../../wgsl/dropout.js';
import { THREEFRY } from '../../wgsl/threefry.js';

/** x: f32 [4 count], key: i32 [2] → y, x times its factor, which may lie over x. A block of bits does for four. */
export const dropout = elementKernel({
  name: 'dropout',
  operands: { x: 'vec4f', key: 'u32', y: 'vec4f' },
  uniforms: DROPOUT_UNIFORMS,
  declarations: () => `${THREEFRY}${DROPOUT}`,
  main: ({ x, key, y }) => `${y}[i] = ${x}[i] * dropoutFactors(vec2u(${key}[0], ${key}[1]), i);`,
});
