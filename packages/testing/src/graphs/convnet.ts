import {
  backward,
  convolution,
  crossEntropy,
  type GradientEstimator,
  type Graph,
  input,
  maxPooling,
  newKey,
  parameter,
  relu,
  reshape,
  sum,
  type TensorData,
  trace,
  type Value,
  type WindowOptions,
} from '@sketchgrad/core';
import { between, indices, keyOf } from '../data.js';

const IMAGES = [3, 7, 6, 2] as const;
const CLASSES = 4;

const LAYERS: readonly (WindowOptions & { readonly filters: number })[] = [
  { size: [3, 3], padding: 'same', filters: 5 },
  { size: [2, 3], padding: 'same', strides: [1, 2], filters: 6 },
  { size: [1, 1], filters: CLASSES },
];

/** A small convnet's loss and the gradients of all its weights, by the layers' estimators. */
export function convnetGradients(estimator: GradientEstimator): Graph {
  return trace(() => {
    const labels = input('labels', [IMAGES[0]], 'i32');
    const key = input('key', [2], 'i32');
    const weights: Value[] = [];
    let x: Value = input('images', IMAGES);
    for (const [at, { filters, ...window }] of LAYERS.entries()) {
      const name = `layer${at}`;
      const taken = window.size[0] * window.size[1] * x.shape[3]!;
      const own = [
        parameter(name, [filters, taken]),
        parameter(`${name}.bias`, [filters]),
      ] as const;
      weights.push(...own);
      const kept = { estimator, name, key: newKey(key) };
      const y = convolution(x, ...own, { ...window, ...kept });
      x = at === 0 ? maxPooling(relu(y), { size: [2, 2], strides: [2, 2] }) : relu(y);
    }
    const [batch, rows, columns, channels] = x.shape as [number, number, number, number];
    const scores = sum(reshape(x, [batch, rows * columns, channels]), { axis: 1 });
    const [loss] = crossEntropy(scores, labels);
    const outputs: Record<string, Value> = { loss };
    backward(loss, weights, (weight, gradient) => {
      outputs[`gradient.${String(weight.node.attributes.name)}`] = gradient;
    });
    return outputs;
  });
}

/** What it is given, guesses of pixels' norms among it where rows are ranked. */
export function convnetInputs({ inputs }: Graph): Record<string, TensorData> {
  const known: Readonly<Record<string, TensorData>> = {
    images: between(IMAGES).draw(1),
    labels: indices([IMAGES[0]], CLASSES).draw(2),
    key: keyOf(5, 6).draw(0),
  };
  return Object.fromEntries(
    inputs.map(({ name, value }) => [name, known[name] ?? between(value.shape, 0.1, 3).draw(3)]),
  );
}

/** Its starting weights. */
export const convnetParameters = ({ persistents }: Graph): Record<string, TensorData> =>
  Object.fromEntries(
    persistents.map(({ name, value }, seed) => [name, between(value.shape, -0.5, 0.5).draw(seed)]),
  );
