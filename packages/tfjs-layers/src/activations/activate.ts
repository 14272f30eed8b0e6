import { describeValue, gelu, relu, softmax, tanh, UsageError, type Value } from '@sketchgrad/core';
import {
  clipped,
  elu,
  geluNew,
  hardSigmoid,
  mish,
  selu,
  sigmoid,
  softplus,
  softsign,
  swish,
} from './element-wise.js';

/** The layer whose activation it is. */
export interface Activated {
  readonly name: string;
  /** Says of which scores a softmax or a sigmoid was taken, so that a loss can be taken of them. */
  scored(probabilities: Value, by: 'softmax' | 'sigmoid', scores: Value): Value;
}

/** Activations by TensorFlow.js' names. */
const ACTIVATIONS: Readonly<Record<string, (x: Value, context: Activated) => Value>> = {
  elu: (x) => elu(x),
  gelu,
  gelu_new: geluNew,
  hardSigmoid,
  linear: (x) => x,
  mish,
  relu,
  relu6: (x) => clipped(x, 0, 6),
  selu,
  sigmoid: (x, context) => context.scored(sigmoid(x), 'sigmoid', x),
  softmax: (x, context) => context.scored(softmax(x), 'softmax', x),
  softplus,
  softsign,
  swish,
  tanh,
};

/**
 * What a layer's activation makes of x; nothing where it has none. f32, any shape.
 * @throws UsageError for one that is not supported
 */
export function activate(x: Value, name: unknown, context: Activated): Value {
  if (name === undefined || name === null) return x;
  const known = typeof name === 'string' && Object.hasOwn(ACTIVATIONS, name);
  if (!known)
    throw new UsageError(
      `layer '${context.name}' has the activation ${describeValue(name)}; supported are ${Object.keys(ACTIVATIONS).join(', ')}`,
    );
  return ACTIVATIONS[name]!(x, context);
}
