import {
  accumulate,
  add,
  checkOptions,
  constant,
  divide,
  multiply,
  scale,
  squareRoot,
} from '@sketchgrad/core';
import { ABOVE_ZERO, checkConstants, FROM_ZERO } from './checks.js';
import { momentOf, type UpdateRule } from './rule.js';

/** Adagrad's constants (Duchi, Hazan and Singer, JMLR 2011). */
export interface AdagradOptions {
  readonly kind: 'adagrad';
  /** What sums of squared gradients begin with, from 0 up; 0.1 unless given. It is no part of the state. */
  readonly initialAccumulatorValue?: number;
  /** Added to the sum within the root; above 0, 1e-7 unless given. */
  readonly epsilon?: number;
}

/** p ← p − lr · g/√(a + ε), a ← a + g², as TensorFlow's. */
export const adagrad: UpdateRule<Required<AdagradOptions>> = {
  resolve(options) {
    checkOptions<AdagradOptions>("the optimizer 'adagrad'", options as AdagradOptions, {
      ...{ kind: true, initialAccumulatorValue: true, epsilon: true },
    });
    const all = { initialAccumulatorValue: 0.1, epsilon: 1e-7, ...(options as AdagradOptions) };
    checkConstants("the optimizer 'adagrad'", all, {
      ...{ initialAccumulatorValue: FROM_ZERO, epsilon: ABOVE_ZERO },
    });
    return all;
  },
  moments: () => ['second'],
  update({ initialAccumulatorValue, epsilon }, { name, value, gradient, learningRate }) {
    const sums = accumulate(momentOf(name, value, 'second'), multiply(gradient, gradient));
    const beside = constant(Float32Array.of(initialAccumulatorValue + epsilon), []);
    const step = divide(multiply(gradient, learningRate), squareRoot(add(sums, beside)));
    accumulate(value, scale(step, -1));
  },
};
