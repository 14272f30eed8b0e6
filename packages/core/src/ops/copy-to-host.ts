import { type Attributes, defineOp } from '../graph/op.js';
import type { Value } from '../graph/value.js';

const build = defineOp<Attributes>({
  name: 'copyToHost',
  infer: ([x]) => [x!],
  // Moved where a plan needs it, after gradients are traced.
  vjp: 'none',
  flops: () => 0,
  space: 'host',
});

/**
 * A copy of x in the host store, which is larger and slower than the device's arena; only
 * {@link copyFromHost} reads it. Any shape and dtype.
 */
export const copyToHost = (x: Value): Value => build([x], {})[0]!;

/** The op, for a plan that adds it to a traced graph. */
export const COPY_TO_HOST = build.definition;
