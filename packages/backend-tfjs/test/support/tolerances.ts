import type { ConformanceOptions } from '@sketchgrad/testing';

type Tolerances = NonNullable<ConformanceOptions['tolerances']>;

/** Where TensorFlow.js's arithmetic is coarser than 32-bit floats are, on every platform. */
export const TOLERANCES: Tolerances = {
  // Its erf is within 1.5e-7 (Abramowitz and Stegun, 7.1.26), of two summands of up to 0.3 that cancel
  // where GELU's slope is 0.
  geluGradient: { relative: 2e-6, ofLargest: 1.2e-5 },
};
