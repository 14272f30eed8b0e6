import { type Backend, gaussian, loadBackend, rmm, trace } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { afterAll, describe, expect, it } from 'vitest';
import { GraphNetwork } from '../../src/index.js';
import { layerDifferences, networkDifferences, readNetwork } from './geometric-fixture.js';

const LAYERS = [
  'layer-gcn-narrowing',
  'layer-gcn-widening',
  'layer-gcn2-shared',
  'layer-gcn2-separate',
];
const NETWORKS = ['gcn', 'gcn-residual', 'gcn2', 'gcn2-multi-label'];

/** What is accepted of ‖ours − theirs‖ / ‖theirs‖, for every tensor; theirs is f64, rounded. */
const BOUND = 1e-4;

const beyond = (differences: Readonly<Record<string, number>>) =>
  Object.entries(differences).filter(([, difference]) => !(difference <= BOUND));

const cpu = await loadBackend('cpu', { threads: 2 });
afterAll(() => cpu.dispose());
const backends: [string, Backend][] = [
  ['the reference executor', createReferenceBackend({ precision: 'f64' })],
  ['cpu', cpu],
];

describe.each(backends)('on %s', (_, backend) => {
  it.each(LAYERS)('%s equals PyTorch Geometric in output and gradients', async (name) => {
    const differences = await layerDifferences(name, backend);
    expect(Object.keys(differences).length).toBeGreaterThanOrEqual(4);
    expect(beyond(differences)).toEqual([]);
  });

  it.each(NETWORKS)('%s equals it in logits, loss, gradients and statistics', async (name) => {
    expect(beyond(await networkDifferences(name, backend))).toEqual([]);
  });
});

it('estimates the gradients of linear layers only', async () => {
  const estimator = rmm({ sketch: gaussian(), rate: 0.5 });
  const backend = createReferenceBackend({ precision: 'f64' });
  const differences = await networkDifferences('gcn2', backend, { estimator });
  const estimated = beyond(differences).map(([name]) => name);
  const linear = Object.keys(differences).filter((name) =>
    /gradients\.(convs\.\d+\.lin1|lins\.\d)\.weight/.test(name),
  );
  expect(estimated.sort()).toEqual(linear.sort());
});

it('takes another estimator for every layer, by name', async () => {
  const { network, data, rows } = await readNetwork('gcn2-multi-label');
  const layers: string[] = [];
  trace(() => {
    const { shape } = network.batch(data, rows);
    const estimator = ({ name }: { readonly name: string }) => {
      layers.push(name);
      return rmm({ sketch: gaussian(), rate: 0.5 });
    };
    const { loss } = network.build({ shape, training: true, estimator });
    return { loss };
  });
  const convolutions = [0, 1, 2, 3].flatMap((layer) => [
    `convs.${layer}`,
    `convs.${layer}.initial`,
  ]);
  expect(layers).toEqual(['lins.0', ...convolutions, 'lins.1']);
});

it('starts alike for a seed, within the limits of its layers', async () => {
  const { network, data, rows } = await readNetwork('gcn');
  const { shape } = network.batch(data, rows);
  const backend = createReferenceBackend();
  const start = async (seed: number) => {
    const traced = trace(() => {
      const { loss } = network.build({ shape, training: true });
      return { loss };
    });
    const state = backend.createState();
    await backend.compile(traced, { state });
    await network.initialize(state, { seed });
    return state.read('convs.0.lin.weight');
  };
  const first = await start(1);
  expect(await start(1)).toEqual(first);
  expect(await start(2)).not.toEqual(first);
  const limit = Math.sqrt(6 / (network.config.inputs + network.config.hidden));
  const largest = Math.max(...first.map(Math.abs));
  expect(largest).toBeLessThanOrEqual(Math.fround(limit));
  expect(largest).toBeGreaterThan(0.8 * limit);
});

it('refuses settings and data that do not fit, saying what would', async () => {
  const { network, data, rows } = await readNetwork('gcn');
  const { config } = network;
  const make = (change: object) => () => new GraphNetwork({ ...config, ...change });
  expect(make({ dropout: 1 })).toThrow('dropout must be at least 0 and below 1, but it is 1');
  expect(make({ layers: 0 })).toThrow('layers must be a whole number, at least 1');
  const gcn2 = { model: 'gcn2', alpha: 0.5, lambda: 1, sharedWeights: true };
  expect(make({ ...gcn2, alpha: 2 })).toThrow('alpha must be from 0 to 1');
  expect(make({ ...gcn2, lambda: 0 })).toThrow('lambda must be a number above 0');
  expect(make({ ...gcn2, sharedWeights: 1 })).toThrow('sharedWeights must be true or false');
  expect(make({ model: 'gcn2' })).toThrow(
    /^the config must have alpha, lambda, sharedWeights as well: it is an object of /,
  );
  expect(make({ layers: undefined, residual: undefined })).toThrow('have layers, residual as well');
  expect(() => new GraphNetwork({} as never)).toThrow(
    'the config must have model, inputs, classes, multiLabel, layers, hidden, dropout, dropInput, ' +
      'batchNorm, residual as well: it is an empty object',
  );
  expect(make({ model: 'gat' })).toThrow('model must be one of gcn, gcn2');
  expect(() => network.batch(data, new Int32Array(0))).toThrow('at least one node');
  expect(() => network.batch(data, Int32Array.of(30))).toThrow('no node 30; there are 0 to 29');
  const labels = Int32Array.from(data.labels).fill(-1);
  expect(() => network.batch({ ...data, labels }, rows)).toThrow('node 0 has the label -1');
  for (const label of [0.7, Number.NaN, 2 ** 32]) {
    const wrong = { ...data, labels: Float64Array.from(data.labels).fill(label) };
    const said = `node 0 has the label ${label}`;
    expect(() => network.batch(wrong as unknown as typeof data, rows)).toThrow(said);
  }
  const several = await readNetwork('gcn2-multi-label');
  for (const label of [2, 0.7, Number.NaN]) {
    const wrong = { ...several.data, labels: Float64Array.from(several.data.labels).fill(label) };
    expect(() => several.network.batch(wrong as unknown as typeof data, several.rows)).toThrow(
      new RegExp(`node \\d+ has ${label} for the label 0; accepted: 0 or 1`),
    );
  }
  const features = { ...data.features, columns: 3 };
  expect(() => network.batch({ ...data, features }, rows)).toThrow('features of a node: 3');
});
