import { type Attributes, defineOp } from '../graph/op.js';
import type { Value } from '../graph/value.js';

const build = defineOp<Attributes>({
  name: 'copyFromHost',
  infer: ([x]) => [x!],
  // Moved where a plan needs it, after gradients are traced.
  vjp: 'none',
  flops: () => 0,
});

/** A copy in the device's arena of what {@link copyToHost} gave. Any shape and dtype. */
export const copyFromHost = (x: Value): Value => build([x], {})[0]!;

/** The op, for a plan that adds it to a traced graph. */
export const COPY_FROM_HOST = build.definition;
