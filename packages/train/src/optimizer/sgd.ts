import {
  accumulate,
  add,
  checkFlag,
  checkOptions,
  moveAverage,
  multiply,
  scale,
} from '@sketchgrad/core';
import { checkConstants, SHARE } from './checks.js';
import { momentOf, type UpdateRule } from './rule.js';

/** Stochastic gradient descent's constants. */
export interface SgdOptions {
  readonly kind: 'sgd';
  /** μ, in [0, 1): m ← μ m + g. 0 unless given: without a moment. */
  readonly momentum?: number;
  /** Nesterov's: the step is along g + μ m. False unless given. */
  readonly nesterov?: boolean;
}

/** p ← p − lr · m, as PyTorch's and TensorFlow's. */
export const sgd: UpdateRule<Required<SgdOptions>> = {
  resolve(options) {
    checkOptions<SgdOptions>("the optimizer 'sgd'", options as SgdOptions, {
      ...{ kind: true, momentum: true, nesterov: checkFlag },
    });
    const all = { momentum: 0, nesterov: false, ...(options as SgdOptions) };
    checkConstants("the optimizer 'sgd'", all, { momentum: SHARE });
    return all;
  },
  moments: ({ momentum }) => (momentum === 0 ? [] : ['first']),
  update({ momentum, nesterov }, { name, value, gradient, learningRate }) {
    const descend = scale(learningRate, -1);
    if (momentum === 0) {
      accumulate(value, multiply(gradient, descend));
      return;
    }
    // μ m + g is a mean of both, times what it is too small by.
    const move = { momentum: 1 - momentum, factor: 1 / (1 - momentum) };
    const m = moveAverage(momentOf(name, value, 'first'), gradient, move);
    const along = nesterov ? add(gradient, scale(m, momentum)) : m;
    accumulate(value, multiply(along, descend));
  },
};
