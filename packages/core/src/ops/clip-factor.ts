import { checkPositive } from '../checks/check-members.js';
import { defineOp } from '../graph/op.js';
import type { Value } from '../graph/value.js';
import { expectShape, expectType } from './rules.js';

const build = defineOp<{ readonly limit: number }>({
  name: 'clipFactor',
  infer: ([squared, settings]) => {
    expectType('squared', squared!, 'f32', 0);
    expectShape('settings', settings!, [8]);
    return [squared!];
  },
  // Clipping is a choice of step size; gradients do not pass it.
  vjp: 'none',
  flops: () => 4,
});

/**
 * The factor that brings a gradient's global norm down to `limit`: min(1, limit / (norm + 1e-6)),
 * as PyTorch's clip_grad_norm_, the norm being √squared times settings' gradientScale. NaN where
 * `squared` is not finite: 0, which ∞ would give, left the weights as they were without a word.
 *
 * @param squared Σ of all gradients' squared norms, f32 []
 * @param settings as adamw's, f32 [8]
 * @throws UsageError unless limit > 0
 */
export function clipFactor(squared: Value, settings: Value, limit: number): Value {
  checkPositive('the clipping norm', limit);
  return build([squared, settings], { limit })[0]!;
}
