import { elementKernel } from '../../kernel.js';
import { USED_ROWS_UNIFORMS, usedRows } from '../../wgsl/used-rows.js';

/** x: f32 [rows, features] → y, which may lie over x: 0 in rows that are nobody's. */
export const zeroRowsBehind = elementKernel({
  name: 'zeroRowsBehind',
  operands: { x: 'f32', starts: 'i32', y: 'f32' },
  uniforms: { features: 'u32', ...USED_ROWS_UNIFORMS },
  declarations: ({ starts }) => usedRows(starts),
  main: ({ x, y }) => `${y}[i] = select(0.0, ${x}[i], i / uniforms.features < usedRows());`,
});
