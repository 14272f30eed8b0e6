import { broadcastTo, type GradientEstimator, reshape, sum } from '@sketchgrad/core';

/** Keeps nothing: no gradient at all, and the least that the rest of a step keeps. */
export const NOTHING: GradientEstimator = {
  name: 'nothing',
  random: false,
  unbiased: false,
  ranksRows: false,
  keep: (x) => ({ shape: sum(x, { axis: 0 }) }),
  weightGradient: ({ shape }, y) => {
    const [inputs, outputs] = [shape!.shape[0]!, y.shape[1]!];
    return broadcastTo(reshape(sum(y, { axis: 0 }), [outputs, 1]), [outputs, inputs]);
  },
  variance: () => Number.POSITIVE_INFINITY,
  bytes: () => 0,
};
