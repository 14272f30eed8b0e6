import { describeValue, UsageError } from '@sketchgrad/core';
import type { OptimizerOptions, RunOptions } from '@sketchgrad/train';
import { backend } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';

/** What a compiled model's optimizer comes to. */
interface Compiled {
  readonly learningRate: number;
  readonly optimizer: OptimizerOptions;
}

type Config = Readonly<Record<string, unknown>>;

/** TensorFlow.js' optimizers by their classes: their constants here, from their settings there. */
const KINDS: Readonly<
  Record<string, (config: Config, refuse: (what: string) => never) => OptimizerOptions>
> = {
  // AdamW without weight decay.
  Adam: ({ beta1 = 0.9, beta2 = 0.999, epsilon = 1e-7 }) =>
    ({ beta1, beta2, epsilon, weightDecay: 0 }) as OptimizerOptions,
  SGD: () => ({ kind: 'sgd' }),
  Momentum: ({ momentum, useNesterov }) =>
    ({ kind: 'sgd', momentum, nesterov: useNesterov ?? false }) as OptimizerOptions,
  RMSProp: ({ decay, momentum, epsilon, centered }, refuse) =>
    centered
      ? refuse('centred, which is not supported: leave that out')
      : ({ kind: 'rmsprop', decay, momentum, epsilon } as OptimizerOptions),
  Adagrad: ({ initialAccumulatorValue }) =>
    ({
      kind: 'adagrad',
      initialAccumulatorValue,
      epsilon: backend().epsilon(),
    }) as OptimizerOptions,
};

/**
 * The optimizer that a model was compiled with.
 * @throws UsageError for one that is not supported
 */
function compiledOptimizer({ optimizer }: LayersModel): Compiled {
  const name = optimizer?.getClassName();
  const kind = name === undefined ? undefined : KINDS[name];
  if (!kind)
    throw new UsageError(
      `the model's optimizer is ${name ?? describeValue(optimizer)}; supported are ${Object.keys(KINDS).join(', ')}: compile the model with one, or give learningRate and optimizer`,
    );
  const config = optimizer.getConfig() as Config;
  return {
    learningRate: (config.learningRate as number | undefined) ?? 0.001,
    optimizer: kind(config, (what) => {
      throw new UsageError(`the model's optimizer is an ${name} that is ${what}`);
    }),
  };
}

/**
 * What is told, and where that is not all, what the model was compiled with.
 * @throws UsageError for a compiled optimizer that is not supported
 */
export function optimizerOf(
  model: LayersModel,
  { learningRate, optimizer }: Pick<RunOptions, 'learningRate' | 'optimizer'>,
): Compiled {
  if (learningRate !== undefined && optimizer !== undefined) return { learningRate, optimizer };
  const compiled = compiledOptimizer(model);
  const isAlike = optimizer === undefined || optimizer.kind === compiled.optimizer.kind;
  return {
    learningRate: learningRate ?? compiled.learningRate,
    optimizer: isAlike ? ({ ...compiled.optimizer, ...optimizer } as OptimizerOptions) : optimizer,
  };
}
