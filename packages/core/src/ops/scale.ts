import { checkFinite } from '../checks/check-members.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { expectType } from './rules.js';

const build = defineOp<{ readonly factor: number }>({
  name: 'scale',
  infer: ([x]) => {
    expectType('x', x!, 'f32');
    return [x!];
  },
  vjp: (_inputs, _outputs, [dy], { factor }) => [scale(dy!, factor)],
  flops: ([x]) => elements(x!),
  cheap: true,
  overwrites: [0],
});

/** x times a number known when tracing. f32, any shape. @throws UsageError if it is not finite */
export function scale(x: Value, factor: number): Value {
  checkFinite("scale's factor", factor);
  return build([x], { factor })[0]!;
}
