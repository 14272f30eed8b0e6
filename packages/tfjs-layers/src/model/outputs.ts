import { describeValue, elements, type Shape, UsageError } from '@sketchgrad/core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type Loss, lossOf } from '../losses/index.js';
import { type LayersInput, sizesOf } from './inputs.js';

/** A model's losses: one for all outputs, or one for each, in their order or by their names. */
export type Losses = string | readonly string[] | Readonly<Record<string, string>>;

/** What outputs' losses are multiplied by, in the outputs' order or by their names. */
export type LossWeights = readonly number[] | Readonly<Record<string, number>>;

/** An output of the graph, and what is minimised of it. */
export interface LayersOutput {
  /** As TensorFlow.js has it: that of the layer that makes it. */
  readonly name: string;
  /** What the graph's inputs and outputs are called that belong to it. */
  readonly target: LayersInput;
  readonly predictions: string;
  readonly lossName: string;
  readonly loss: Loss;
  /** What its loss is multiplied by in that of all. */
  readonly weight: number;
  /** Of an example. */
  readonly shape: Shape;
}

/**
 * A model's outputs.
 * @throws UsageError for losses or weights that are not supported, or not for these outputs
 */
export function outputsOf(
  model: LayersModel,
  losses: unknown,
  weights: LossWeights | undefined,
): readonly LayersOutput[] {
  // As `model.outputNames`, which a model that was not built has not.
  const names = model.outputs.map(({ sourceLayer }) => sourceLayer.name);
  const given = forEach('loss', losses, names);
  const factors =
    weights === undefined ? names.map(() => 1) : forEach('lossWeights', weights, names);
  return model.outputs.map((output, at) => {
    const name = names[at]!;
    const shape = sizesOf(`the output '${name}' of the model '${model.name}'`, output.shape);
    const loss = lossOf(given[at]);
    const weight = factors[at];
    if (!(typeof weight === 'number' && weight >= 0 && Number.isFinite(weight)))
      throw new UsageError(
        `the loss weight of '${name}' must be a number from 0 up, but it is ${describeValue(weight)}`,
      );
    return {
      ...{ name, loss, shape, weight },
      predictions: `predictions${at}`,
      lossName: `loss${at}`,
      target: {
        name: `targets${at}`,
        ...(loss.targets === 'classes'
          ? { dtype: 'i32', shape: shape.slice(0, -1), below: shape.at(-1)! }
          : { dtype: 'f32', shape }),
      },
    };
  });
}

/** What is given for each output. @throws UsageError where that is not one for each */
function forEach(what: string, given: unknown, names: readonly string[]): readonly unknown[] {
  const of = `the model has ${names.length === 1 ? 'the output' : 'the outputs'} ${names.join(', ')}`;
  if (Array.isArray(given)) {
    if (given.length === names.length) return given;
    throw new UsageError(`${what} has ${given.length} entries: ${of}`);
  }
  if (typeof given !== 'object' || given === null) return names.map(() => given);
  const byName = given as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(byName))
    if (!names.includes(name))
      throw new UsageError(`${what} has an entry ${describeValue(name)}: ${of}`);
  const missing = names.find((name) => !Object.hasOwn(byName, name));
  if (missing !== undefined) throw new UsageError(`${what} says nothing of '${missing}': ${of}`);
  return names.map((name) => byName[name]);
}

/** Numbers of an output's last axis: of a class each, where it is of classes. */
export const columnsOf = ({ shape }: LayersOutput): number =>
  shape.length === 0 ? elements({ dtype: 'f32', shape }) : shape.at(-1)!;
