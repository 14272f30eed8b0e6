import { type DeviceState, elements, readFloats } from '@sketchgrad/core';
import { type OptimizerOptions, stateNames } from '@sketchgrad/train';
import { scalar, type Tensor, tensor } from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { LayersGraph } from '../model/layers-graph.js';
import { asInState, asInTensorFlow, type ModelWeight } from '../model/weights.js';

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

/** What a model's optimizer has done so far. */
export interface Begun {
  /** Updates made. */
  readonly steps: number;
  /** What it has kept of the gradients, by the names that it has in a state. */
  readonly moments: ReadonlyMap<string, Float32Array>;
}

const ANEW: Begun = { steps: 0, moments: new Map() };

/**
 * What the optimizer that a model was compiled with has done, where a run has one of the same kind.
 * @param warn is told where what it has kept is of other weights than are trained
 */
export async function begunWith(
  graph: LayersGraph,
  { optimizer }: LayersModel,
  trainedWith: OptimizerOptions,
  warn: (message: string) => void,
): Promise<Begun> {
  const known = optimizer && KEPT[optimizer.getClassName()];
  if (!known || known.kind !== trainedWith.kind) return ANEW;
  const [iterations, ...variables] = await optimizer.getWeights();
  const [steps] = await iterations!.tensor.data();
  iterations!.tensor.dispose();
  const { trained } = graph;
  const kept = known.kept(trainedWith);
  if (variables.length === 0) return { ...ANEW, steps: kept.length === 0 ? steps! : 0 };
  const sizes = (at: number) => (trained[at % trained.length]!.variable.shape as number[]).join();
  const isOfThese =
    variables.length === kept.length * trained.length &&
    variables.every(({ tensor }, at) => tensor.shape.join() === sizes(at));
  if (!isOfThese) {
    warn(
      `the model's ${optimizer.getClassName()} has kept means of other weights than are trained now: it begins anew`,
    );
    return ANEW;
  }
  const moments = new Map<string, Float32Array>();
  for (const [at, { tensor }] of variables.entries()) {
    const weight = trained[at % trained.length]!;
    const { moment, beside = 0 } = kept[Math.floor(at / trained.length)]!;
    const data = Float32Array.from(await tensor.data(), (value) => value - beside);
    moments.set(stateNames(weight.name)[moment], asInState(weight, data));
  }
  return { steps: steps!, moments };
}

/**
 * Gives what the optimizer has kept to the one that the model was compiled with, where it is of the same
 * kind, so that a `model.fit` goes on from there.
 * @param steps updates made, those before the run among them
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
