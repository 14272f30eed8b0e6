import {
  type GradientEstimator,
  observe,
  pixelNorms,
  probeOutputs,
  rowSquaredNorms,
} from '@sketchgrad/core';
import { NOTHING } from '../free-inputs/nothing.js';

/**
 * Observes the squared norms of the rows of a layer's cotangent, as core's `probed` names them, and
 * nothing else: no gradient of a weight is formed.
 */
export const normsAlone = (layer: string): GradientEstimator => ({
  ...NOTHING,
  name: 'norms-alone',
  weightGradient(kept, y, key, inputs) {
    observe(probeOutputs(layer).yNorms, rowSquaredNorms(y));
    return NOTHING.weightGradient(kept, y, key, inputs);
  },
  convolutionGradient(kept, of, key) {
    observe(probeOutputs(layer).yNorms, pixelNorms(of.dy, of.windows));
    return NOTHING.convolutionGradient!(kept, of, key);
  },
});
