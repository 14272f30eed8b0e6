import {
  add,
  affine,
  attention,
  backward,
  checkpoint,
  crossEntropy,
  dropout,
  type GradientEstimator,
  type Graph,
  gelu,
  input,
  linear,
  newKey,
  normalize,
  parameter,
  rebuildable,
  type Shape,
  scope,
  trace,
  type Value,
} from '../../src/index.js';
import { count, draw } from './draw.js';

const [HEADS, CLASSES] = [2, 3];

/** Two pre-norm transformer blocks and a loss on each token, with dropout on. */
export function smallNetwork(
  estimator: GradientEstimator,
  { differentiate = true, batch = 2, sequence = 4, features = 6 } = {},
): Graph {
  const rows = batch * sequence;
  return trace(() => {
    const key = input('key', [2], 'i32');
    const starts = input('starts', [batch + 1], 'i32');
    const mask = input('mask', [rows], 'i32');
    const declared: Value[] = [];
    const weight = (name: string, shape: Shape) => {
      const value = parameter(name, shape);
      declared.push(value);
      return value;
    };
    const layer = (name: string, x: Value, outputs: number) =>
      linear(x, weight(`${name}.w`, [outputs, x.shape[1]!]), weight(`${name}.b`, [outputs]), {
        estimator,
        key: { value: key, stream: 0 },
      });
    const norm = (name: string, x: Value) =>
      affine(
        normalize(x, { epsilon: 1e-3 })[0],
        weight(`${name}.gain`, [features]),
        weight(`${name}.bias`, [features]),
      );
    const drop = (x: Value) => dropout(x, { rate: 0.25, key: newKey(key) });
    const block = (name: string, x: Value) =>
      scope(name, () => {
        const projections = rebuildable(() =>
          layer(`${name}.projections`, norm(`${name}.norm1`, x), 3 * features),
        );
        const context = attention(projections, starts, mask, {
          ...{ heads: HEADS, longest: sequence, rate: 0.2, key: newKey(key) },
        });
        const middle = add(x, drop(layer(`${name}.mixed`, context, features)));
        const wide = gelu(layer(`${name}.wide`, norm(`${name}.norm2`, middle), 2 * features));
        return add(middle, drop(layer(`${name}.narrow`, wide, features)));
      });
    let x = layer('embed', input('x', [rows, features]), features);
    for (const name of ['block.0', 'block.1']) x = checkpoint(() => block(name, x));
    const logits = layer('head', norm('last', x), CLASSES);
    const [loss] = crossEntropy(logits, input('labels', [rows], 'i32'));
    const outputs: Record<string, Value> = { loss };
    if (differentiate)
      backward(loss, declared, (value, gradient) => {
        outputs[String(value.node.attributes.name)] = gradient;
      });
    return outputs;
  });
}

const ROWS = 8;

/** Inputs of a network of the sizes that it has unless told. */
export const networkInputs = {
  x: draw(ROWS * 6, 1),
  key: Int32Array.of(11, 12),
  starts: Int32Array.of(0, 4, 8),
  mask: Int32Array.of(1, 1, 1, 1, 1, 1, 1, 0),
  labels: Int32Array.from({ length: ROWS }, (_, i) => (i * 5) % CLASSES),
};

/** The network's parameters at the point of a test. */
export const networkParameters = (graph: Graph): Map<string, Float64Array> =>
  new Map(
    graph.persistents.map(({ name, value }, i) => [name, draw(count(value.shape), 50 + i, -1, 1)]),
  );
