import {
  crossEntropy,
  dense,
  dropout,
  estimatorOf,
  gather,
  gaussian,
  input,
  keepInput,
  linear,
  newKey,
  parameter,
  planMemory,
  rmm,
} from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { expect, it } from 'vitest';
import {
  freeLayers,
  keptBeyondDense,
  type NodeModel,
  type NodeTrainingOptions,
  traceTrainingStep,
  trainNodes,
} from '../../src/index.js';
import { neighbourModel, ring } from './ring.js';

const FEATURES = 4;
const estimator = rmm({ sketch: gaussian(), rate: 0.5 });

/** A linear layer that reads a graph's features, of which some are dropped. */
const featureModel = (rate: number): NodeModel => ({
  ...neighbourModel,
  build({ shape: { nodes, rows }, training, estimator = dense() }) {
    const key = training ? input('key', [2], 'i32') : undefined;
    const features = input('features', [nodes, FEATURES]);
    const x = rate > 0 && key ? dropout(features, { rate, key: newKey(key) }) : features;
    const layer = { name: 'layer', rows: nodes, inputs: FEATURES, outputs: 3 };
    const own = training ? estimatorOf(estimator, layer) : dense();
    const kept = keepInput(x, { estimator: own, name: 'layer', ...(key && { key: newKey(key) }) });
    const weight = parameter('layer.weight', [3, FEATURES]);
    const predictions = linear(kept, weight, parameter('layer.bias', [3]));
    const labelled = gather(predictions, input('rows', [rows], 'i32'));
    return { loss: crossEntropy(labelled, input('labels', [rows], 'i32'))[0], predictions };
  },
});

it("finds a graph's features where they are, or where they are dropped anew", () => {
  const free = (rate: number, recompute: 'none' | 'cheap') => [
    ...freeLayers(traceTrainingStep, featureModel(rate), { recompute }),
  ];
  expect(free(0, 'none')).toEqual(['layer']);
  expect(free(0.5, 'cheap')).toEqual(['layer']);
  expect(free(0.5, 'none')).toEqual([]);
  expect([...freeLayers(traceTrainingStep, neighbourModel)]).toEqual([]);
});

it('keeps no more than with exact gradients, in a step and in a run, unless told', async () => {
  const model = featureModel(0);
  const shape = { nodes: 24, entries: 48, rows: 8 };
  const kept = (options: object) =>
    planMemory(traceTrainingStep(model, { shape, ...options })).keptBytes;
  expect(kept({ estimator })).toBe(kept({}));
  expect(kept({ estimator, everyLayer: true })).toBe(kept({}) + 12 * FEATURES * 4);

  const run = async (options: Partial<NodeTrainingOptions>) => {
    const warnings: string[] = [];
    const { plan, loss } = await trainNodes(
      { ...model, batch: batchWithKey },
      {
        backend: createReferenceBackend(),
        data: ring(),
        epochs: 2,
        onWarning: (message) => warnings.push(message),
        ...options,
      },
    );
    return { plan, loss, warnings };
  };
  const exact = await run({});
  expect(await run({ estimator })).toEqual(exact);
  const every = await run({ estimator, everyLayer: true });
  expect(every.plan.linearKeptBytes).toBe(12 * FEATURES * 4);
  expect(every.warnings).toEqual([keptBeyondDense(every.plan.keptBytes, exact.plan.keptBytes)]);
});

/** Without a neighbour's sum there is no use for the matrix. */
const batchWithKey: NodeModel['batch'] = (data, rows) => {
  const { shape, inputs } = neighbourModel.batch(data, rows);
  const { features, labels } = inputs;
  return { shape, inputs: { features: features!, labels: labels!, rows } };
};
