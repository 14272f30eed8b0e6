import { elementKernel } from '../../kernel.js';
import { DROPOUT, DROPOUT_UNIFORMS } from '../../wgsl/dropout.js';
import { THREEFRY } from '../../wgsl/threefry.js';

/** x: f32 [count], key: i32 [2] → y: f32 [count], x times its factor, which may lie over x. */
export const dropout = elementKernel({
  name: 'dropout',
  operands: { x: 'f32', key: 'u32', y: 'f32' },
  uniforms: DROPOUT_UNIFORMS,
  declarations: () => `${THREEFRY}${DROPOUT}`,
  main: ({ x, key, y }) => `${y}[i] = ${x}[i] * dropoutFactor(vec2u(${key}[0], ${key}[1]), i);`,
});
