import { type DeviceState, elements, readFloats } from '@sketchgrad/core';
import { type OptimizerOptions, stateNames } from '@sketchgrad/train';
import { scalar, type Tensor, tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { LayersGraph } from '../model/layers-graph.js';
import { asInTensorFlow, type ModelWeight } from '../model/weights.js';

/** What an optimizer of TensorFlow.js keeps of each weight, in the order in which it takes it back. */
interface Kept {
  /** What it calls it. */
  readonly name: string;
  readonly moment: 'first' | 'second';
  /** What it is more by there. */
  readonly beside?: number;
}

/** By the classes of optimizers: of which kind one is here, and what it keeps there. */
const KEPT: Readonly<
  Record<string, { readonly kind?: OptimizerOptions['kind']; kept(of: OptimizerOptions): Kept[] }>
> = {
  Adam: {
    kept: () => [
      { name: 'first', moment: 'first' },
      { name: 'second', moment: 'second' },
    ],
  },
  SGD: { kind: 'sgd', kept: () => [] },
  Momentum: { kind: 'sgd', kept: () => [{ name: 'momentum', moment: 'first' }] },
  RMSProp: {
    kind: 'rmsprop',
    kept: () => [
      { name: 'rms', moment: 'second' },
      { name: 'momentum', moment: 'first' },
    ],
  },
  Adagrad: {
    kind: 'adagrad',
    kept: (of) => {
      const { initialAccumulatorValue = 0.1 } = of as { initialAccumulatorValue?: number };
      return [{ name: 'accumulator', moment: 'second', beside: initialAccumulatorValue }];
    },
  },
};

/**
 * Gives what the optimizer has kept to the one that the model was compiled with, where it is of the same
 * kind, so that a `model.fit` goes on from there.
 * @param steps updates made
 */
export async function giveMoments(
  graph: LayersGraph,
  state: DeviceState,
  {
    model: { optimizer },
    trainedWith,
    steps,
  }: {
    readonly model: LayersModel;
    readonly trainedWith: OptimizerOptions;
    readonly steps: number;
  },
): Promise<void> {
  const known = optimizer && KEPT[optimizer.getClassName()];
  if (!known || known.kind !== trainedWith.kind) return;
  const named: { name: string; tensor: Tensor }[] = [
    { name: 'iter', tensor: scalar(steps, 'int32') },
  ];
  for (const { name, moment, beside = 0 } of known.kept(trainedWith))
    for (const weight of graph.trained) {
      const data = await momentOf(state, weight, moment);
      const values = beside === 0 ? data : data.map((value) => value + beside);
      named.push({
        name: `${weight.variable.originalName}/${name}`,
        tensor: tensor(asInTensorFlow(weight, values), weight.variable.shape as number[]),
      });
    }
  const before = await optimizer.getWeights();
  await optimizer.setWeights(named);
  for (const { tensor } of [...before, ...named]) tensor.dispose();
}

/** Zeros where it was not kept, as a momentum of 0 has it. */
async function momentOf(
  state: DeviceState,
  { name, shape }: ModelWeight,
  moment: Kept['moment'],
): Promise<Float32Array> {
  const tensor = stateNames(name)[moment];
  if (state.tensors.has(tensor)) return readFloats(state, tensor);
  return new Float32Array(elements({ dtype: 'f32', shape }));
}
