import type { ProjectFeaturesAttributes } from '../../ops/project-features.js';
import { randomSigns } from '../../random/random-words.js';
import type { ReferenceKernel } from '../kernel.js';

export const projectFeatures: ReferenceKernel<ProjectFeaturesAttributes> = {
  op: 'projectFeatures',
  run({ inputs: [x, key], outputs: [y], attributes: { features, columns, back, stream } }) {
    const sign = randomSigns(key!, stream);
    const scale = Math.fround(1 / Math.sqrt(columns));
    const columnBits = Math.ceil(features / 64) * 64;
    const rows = x!.shape[0]!;
    const [from, to] = back ? [columns, features] : [features, columns];
    const sums = new Float64Array(rows * to);
    for (let j = 0; j < columns; j++)
      for (let f = 0; f < features; f++) {
        const entry = sign(j * columnBits + f) * scale;
        const [source, target] = back ? [j, f] : [f, j];
        for (let row = 0; row < rows; row++)
          sums[row * to + target]! += entry * x!.data[row * from + source]!;
      }
    y!.data.set(sums);
  },
};
