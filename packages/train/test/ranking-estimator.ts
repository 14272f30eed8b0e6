import { dense, type GradientEstimator, matmul, multiply, reshape } from '@sketchgrad/core';

/** An estimator whose gradient shows what priorities it was handed: rows are weighed by them. */
export const ranking: GradientEstimator = {
  ...dense(),
  name: 'ranking',
  unbiased: false,
  ranksRows: true,
  keep: (x, _, priorities) => ({ x, weights: reshape(priorities!, [x.shape[0]!, 1]) }),
  weightGradient: ({ x, weights }, y) => matmul(y, multiply(x!, weights!), { transposeA: true }),
};
