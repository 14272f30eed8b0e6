export { type ConvolutionOptions, convolution } from './convolution.js';
export { dense } from './dense.js';
export {
  type ConvolutionCotangent,
  type GradientEstimator,
  type KeepOptions,
  type Kept,
  type KeptInput,
  keepInput,
} from './estimator.js';
export { type ExactOptions, exact } from './exact.js';
export { expectKeptRow } from './expect-kept-row.js';
export { estimatorOf, type LayerEstimators, type LinearLayer } from './layer-estimators.js';
export { linear } from './linear.js';
export { pixelNorms } from './pixels.js';
export { type ProbedOptions, probed, probeOutputs } from './probed.js';
export { probedErrors, probedMoments } from './probed-moments.js';
export { type QuantizedOptions, quantized } from './quantized.js';
export { keptRows, type RmmOptions, rmm } from './rmm.js';
export { type RmmQuantizedOptions, rmmQuantized } from './rmm-quantized.js';
export { ROW_CHOICES, type RowChoice, type RowsOptions, rows } from './rows.js';
export { wtaCrs } from './wta-crs.js';
