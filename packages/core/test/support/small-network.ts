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

const [BATCH, SEQUENCE, FEATURES, HEADS, CLASSES] = [2, 4, 6, 2, 3];
const ROWS = BATCH * SEQUENCE;

/** Two pre-norm transformer blocks and a loss on each token, with dropout on. */
export function smallNetwork(estimator: GradientEstimator, differentiate = true): Graph {
  return trace(() => {
    const key = input('key', [2], 'i32');
    const mask = input('mask', [BATCH, SEQUENCE], 'i32');
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
        weight(`${name}.gain`, [FEATURES]),
        weight(`${name}.bias`, [FEATURES]),
      );
    const drop = (x: Value) => dropout(x, { rate: 0.25, key: newKey(key) });
    const block = (name: string, x: Value) =>
      scope(name, () => {
        const projections = rebuildable(() =>
          layer(`${name}.projections`, norm(`${name}.norm1`, x), 3 * FEATURES),
        );
        const context = attention(projections, mask, { heads: HEADS, rate: 0.2, key: newKey(key) });
        const middle = add(x, drop(layer(`${name}.mixed`, context, FEATURES)));
        const wide = gelu(layer(`${name}.wide`, norm(`${name}.norm2`, middle), 2 * FEATURES));
        return add(middle, drop(layer(`${name}.narrow`, wide, FEATURES)));
      });
    let x = layer('embed', input('x', [ROWS, FEATURES]), FEATURES);
    for (const name of ['block.0', 'block.1']) x = checkpoint(() => block(name, x));
    const logits = layer('head', norm('last', x), CLASSES);
    const [loss] = crossEntropy(logits, input('labels', [ROWS], 'i32'));
    const outputs: Record<string, Value> = { loss };
    if (differentiate)
      backward(loss, declared, (value, gradient) => {
        outputs[String(value.node.attributes.name)] = gradient;
      });
    return outputs;
  });
}

export const networkInputs = {
  x: draw(ROWS * FEATURES, 1),
  key: Int32Array.of(11, 12),
  mask: Int32Array.of(1, 1, 1, 1, 1, 1, 1, 0),
  labels: Int32Array.from({ length: ROWS }, (_, i) => (i * 5) % CLASSES),
};

/** The network's parameters at the point of a test. */
export const networkParameters = (graph: Graph): Map<string, Float64Array> =>
  new Map(
    graph.persistents.map(({ name, value }, i) => [name, draw(count(value.shape), 50 + i, -1, 1)]),
  );
