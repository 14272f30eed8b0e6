import { describeValue, UsageError } from '@sketchgrad/core';
import type { AdamWOptions } from '@sketchgrad/train';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** What a compiled model's optimizer comes to. */
export interface CompiledOptimizer {
  readonly learningRate: number;
  readonly constants: AdamWOptions;
}

/** Adam as TensorFlow.js has it where nothing is said. */
const ADAM = { learningRate: 0.001, beta1: 0.9, beta2: 0.999, epsilon: 1e-7 };

/**
 * The optimizer that a model was compiled with: AdamW without weight decay is Adam.
 * @throws UsageError for another one
 */
export function compiledOptimizer({ optimizer }: LayersModel): CompiledOptimizer {
  const name = optimizer?.getClassName();
  if (name !== 'Adam')
    throw new UsageError(
      `the model's optimizer is ${name ?? describeValue(optimizer)}; compile it with 'adam', or give the learningRate and the constants of AdamW`,
    );
  const config = optimizer.getConfig() as Partial<typeof ADAM>;
  const { learningRate, ...constants } = { ...ADAM, ...config };
  const { beta1, beta2, epsilon } = constants;
  return { learningRate, constants: { beta1, beta2, epsilon, weightDecay: 0 } };
}
