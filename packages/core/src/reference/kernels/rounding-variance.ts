import { BackendError } from '../../errors.js';
import { checkIndices } from '../../execution/indices.js';
import type { RoundingVarianceAttributes } from '../../ops/rounding-variance.js';
import { rowRoundingErrors } from '../../quantization/rounding-errors.js';
import type { ReferenceKernel } from '../kernel.js';

export const roundingVariance: ReferenceKernel<RoundingVarianceAttributes> = {
  op: 'roundingVariance',
  run({ node, inputs: [x, ranks], outputs: [errors], attributes }) {
    const rows = x!.shape[0]!;
    if (ranks) checkIndices(node, 'rank', ranks.data, rows);
    const found = rowRoundingErrors(x!.data, rows, attributes, (row) =>
      ranks ? ranks.data[row]! : row,
    );
    const row = found.findIndex((error) => Number.isNaN(error));
    if (row >= 0) {
      const place = node.scope ? ` in ${node.scope}` : '';
      throw new BackendError(
        `roundingVariance${place}: row ${row} is not finite and in the range of bfloat16`,
      );
    }
    errors!.data.set(found);
  },
};
