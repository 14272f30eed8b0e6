import { backward, loadBackend, parameter, trace } from '@sketchgrad/core';
import * as tf from '@tensorflow/tfjs-core';
import * as layers from '@tensorflow/tfjs-layers';
import '@tensorflow/tfjs-backend-cpu';
import { fromLayersModel } from '../src/index.js';
import { asInTensorFlow } from '../src/model/weights.js';

/** Numbers that differ, none of them 0, in the order of a tensor. */
export function numbers(shape: readonly number[], seed: number): Float32Array {
  const count = shape.reduce((all, size) => all * size, 1);
  return Float32Array.from({ length: count }, (_, i) => Math.sin(1.7 * i + seed) + 0.01);
}

/** Gives every weight other numbers, so that none is 0 or 1 as it is drawn. */
export function stir(model: layers.LayersModel): void {
  for (const [at, weight] of model.weights.entries()) {
    const isVariance = weight.originalName.endsWith('moving_variance');
    const data = numbers(weight.shape as number[], at).map((x) =>
      isVariance ? x * x + 0.5 : 0.5 * x,
    );
    weight.write(tf.tensor(data, weight.shape as number[]));
  }
}

interface Found {
  readonly loss: number;
  readonly gradients: readonly Float32Array[];
}

/** The loss and the gradients of a model's trained weights, by TensorFlow.js. */
export function tensorFlows(
  model: layers.LayersModel,
  x: tf.Tensor[],
  y: tf.Tensor,
  loss: (y: tf.Tensor, predicted: tf.Tensor) => tf.Tensor,
): Found {
  const weights = model.trainableWeights.map((weight) => weight.read() as tf.Variable);
  const f = () =>
    tf.mean(
      loss(y, model.apply(x.length === 1 ? x[0]! : x, { training: true }) as tf.Tensor),
    ) as tf.Scalar;
  const { value, grads } = tf.variableGrads(f, weights);
  return {
    loss: value.dataSync()[0]!,
    gradients: weights.map(({ name }) => grads[name]!.dataSync() as Float32Array),
  };
}

/** The same by the graph that is traced of it, on the reference backend. */
export async function ours(
  model: layers.LayersModel,
  x: tf.Tensor[],
  y: tf.Tensor,
  loss: string,
): Promise<Found> {
  const graph = fromLayersModel(model, { loss });
  const examples = x[0]!.shape[0]!;
  const traced = trace(() => {
    const { loss } = graph.build({ shape: { examples }, training: true });
    const found: Record<string, typeof loss> = { loss };
    const parameters = graph.parameters.map(({ name, shape }) => parameter(name, shape));
    backward(loss, parameters, (value, gradient) => {
      found[graph.parameters[parameters.indexOf(value)]!.name] = gradient;
    });
    return found;
  });
  const backend = await loadBackend('reference');
  const state = backend.createState();
  const executable = await backend.compile(traced, { state });
  await graph.initialize(state);
  const inputs = Object.fromEntries(
    [...graph.inputs, graph.outputs[0]!.target].map(({ name, dtype }, at) => {
      const data = (at === x.length ? y : x[at]!).dataSync();
      return [name, dtype === 'i32' ? Int32Array.from(data) : Float32Array.from(data)];
    }),
  );
  const drawn = traced.inputs.some(({ name }) => name === 'key')
    ? { key: Int32Array.of(1, 2) }
    : {};
  const outputs = await executable.run({ ...inputs, ...drawn });
  const gradients = graph.trained.map((weight) =>
    asInTensorFlow(weight, outputs[weight.name] as Float32Array),
  );
  await backend.dispose();
  return { loss: outputs.loss![0]!, gradients };
}

export const LOSSES: Record<string, (y: tf.Tensor, predicted: tf.Tensor) => tf.Tensor> = {
  meanSquaredError: layers.metrics.meanSquaredError,
  meanAbsoluteError: layers.metrics.meanAbsoluteError,
  categoricalCrossentropy: layers.metrics.categoricalCrossentropy,
  binaryCrossentropy: layers.metrics.binaryCrossentropy,
};
