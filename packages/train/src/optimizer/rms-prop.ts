import {
  accumulate,
  add,
  checkOptions,
  constant,
  divide,
  moveAverage,
  multiply,
  scale,
  squareRoot,
} from '@sketchgrad/core';
import { ABOVE_ZERO, checkConstants, SHARE } from './checks.js';
import { momentOf, type UpdateRule } from './rule.js';

/** RMSProp's constants (Tieleman and Hinton, "Neural networks for machine learning", lecture 6.5). */
export interface RmsPropOptions {
  readonly kind: 'rmsprop';
  /** Decay of the squared gradient's running mean, in [0, 1); 0.9 unless given. */
  readonly decay?: number;
  /** μ, in [0, 1): m ← μ m + step. 0 unless given: without a moment. */
  readonly momentum?: number;
  /** Added to the mean square within the root; above 0, 1e-7 unless given. */
  readonly epsilon?: number;
}

/** p ← p − m, m ← μ m + lr · g/√(v + ε), as TensorFlow's. */
export const rmsProp: UpdateRule<Required<RmsPropOptions>> = {
  resolve(options) {
    checkOptions<RmsPropOptions>("the optimizer 'rmsprop'", options as RmsPropOptions, {
      ...{ kind: true, decay: true, momentum: true, epsilon: true },
    });
    const all = { decay: 0.9, momentum: 0, epsilon: 1e-7, ...(options as RmsPropOptions) };
    checkConstants("the optimizer 'rmsprop'", all, {
      ...{ decay: SHARE, momentum: SHARE, epsilon: ABOVE_ZERO },
    });
    return all;
  },
  moments: ({ momentum }) => (momentum === 0 ? ['second'] : ['first', 'second']),
  update({ decay, momentum, epsilon }, { name, value, gradient, learningRate }) {
    const squares = moveAverage(momentOf(name, value, 'second'), multiply(gradient, gradient), {
      momentum: 1 - decay,
    });
    const root = squareRoot(add(squares, constant(Float32Array.of(epsilon), [])));
    const step = divide(multiply(gradient, learningRate), root);
    const move = { momentum: 1 - momentum, factor: 1 / (1 - momentum) };
    const along = momentum === 0 ? step : moveAverage(momentOf(name, value, 'first'), step, move);
    accumulate(value, scale(along, -1));
  },
};
