import { checkGivenFlag } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { checkValues } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import { inStage } from '../graph/trace.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { expectShape } from './rules.js';

/** Position of each number in adamw's `settings`, f32 [8]. */
export const ADAMW_SETTINGS = [
  'learningRate',
  'beta1',
  'beta2',
  'epsilon',
  'weightDecay',
  /** 1 − beta1^t */
  'correction1',
  /** 1 − beta2^t */
  'correction2',
  /** The gradient is multiplied by this first; 1/accumulated steps, for example. */
  'gradientScale',
] as const;

type Attributes = { readonly decay: boolean };

const build = defineOp<Attributes>({
  name: 'adamw',
  infer: ([parameter, gradient, first, second, settings, factor]) => {
    expectShape('gradient', gradient!, parameter!.shape);
    expectShape('first', first!, parameter!.shape);
    expectShape('second', second!, parameter!.shape);
    expectShape('settings', settings!, [ADAMW_SETTINGS.length]);
    if (factor) expectShape('factor', factor, []);
    return [parameter!, first!, second!];
  },
  // An update of state, not a function that gradients pass.
  vjp: 'none',
  flops: ([parameter]) => 14 * elements(parameter!),
  updates: [
    [0, 0],
    [1, 2],
    [2, 3],
  ],
});

/**
 * One AdamW step in place (arXiv 1711.05101): the moments, then
 * p ← p − lr · (decay · p + m̂ / (√v̂ + ε)), as PyTorch's.
 * Counts as the update stage, so that it runs though nothing reads it.
 *
 * @param inputs parameter, gradient, first and second moment, all f32 of one shape; settings f32 [8]
 * in the order of {@link ADAMW_SETTINGS}; optionally a factor f32 [] on the gradient (clipping)
 */
export const adamw = (
  inputs: readonly [Value, Value, Value, Value, Value, ...Value[]],
  options: Attributes,
): readonly Value[] => {
  checkValues('inputs', inputs, 5);
  checkOptions('adamw', options, { decay: checkGivenFlag });
  return inStage('update', () => build(inputs, { decay: options.decay }));
};
