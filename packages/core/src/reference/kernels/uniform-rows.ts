import { uniform53 } from '../../random/draw-rows.js';
import type { ReferenceKernel } from '../kernel.js';

export const uniformRows: ReferenceKernel<{
  readonly rows: number;
  readonly count: number;
  readonly replacement: boolean;
  readonly stream: number;
}> = {
  op: 'uniformRows',
  run({ inputs: [key], outputs: [indices], attributes: { rows, count, replacement, stream } }) {
    const all = Int32Array.from({ length: rows }, (_, row) => row);
    for (let draw = 0; draw < count; draw++) {
      const first = replacement ? 0 : draw;
      const u = uniform53(key!.data, stream, draw);
      const at = Math.min(first + Math.floor(u * (rows - first)), rows - 1);
      indices!.data[draw] = all[at]!;
      if (!replacement) all[at] = all[draw]!;
    }
  },
};
