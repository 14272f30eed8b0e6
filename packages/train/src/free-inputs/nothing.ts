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
  convolutionGradient: (_, { dy, windows: { size }, channels }) => {
    const outputs = dy.shape[3]!;
    const sums = [0, 0, 0].reduce((value) => sum(value, { axis: 0 }), dy);
    return broadcastTo(reshape(sums, [outputs, 1]), [outputs, size[0] * size[1] * channels]);
  },
  variance: () => Number.POSITIVE_INFINITY,
  bytes: () => 0,
};
