import {
  type Backend,
  gaussian,
  type LayerEstimators,
  loadBackend,
  type NodeBatch,
  type NodeShape,
  parameter,
  probed,
  probeOutputs,
  quantized,
  rmm,
  rows as sampledRows,
  trace,
} from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { afterAll, describe, expect, it } from 'vitest';
import { GraphNetwork, type GraphNetworkConfig } from '../../src/index.js';
import {
  readNetwork,
  relativeDifference,
  run,
  withGradients,
  writeWeights,
} from './geometric-fixture.js';

const cpu = await loadBackend('cpu', { threads: 2 });
afterAll(() => cpu.dispose());

const NETWORKS = ['gcn', 'gcn-residual', 'gcn2', 'gcn2-multi-label'];
const KEY = Int32Array.of(3, 5);

/** By how many each size is more than there is. */
const MORE = { nodes: 7, entries: 11, rows: 5 };

const widerThan = ({ nodes, entries, rows }: NodeShape): NodeShape => ({
  nodes: nodes + MORE.nodes,
  entries: entries + MORE.entries,
  rows: rows + MORE.rows,
  spare: true,
});

/** A network of a fixture with dropout, its batch, and the same batch widened. */
async function widened(name: string, change: Partial<GraphNetworkConfig> = {}) {
  const { network, data, rows, tensors } = await readNetwork(name);
  const config = { ...network.config, dropout: 0.3, ...change } as GraphNetworkConfig;
  const own = new GraphNetwork(config);
  const exact = own.batch(data, rows);
  return { network: own, exact, wide: own.widen(exact, widerThan(exact.shape)), tensors };
}

/** Loss, logits, gradients and statistics of a step, by name. */
async function step(
  backend: Backend,
  network: GraphNetwork,
  { shape, inputs }: NodeBatch,
  more: { tensors?: Parameters<typeof writeWeights>[0]; estimator?: LayerEstimators } = {},
) {
  const { tensors, estimator } = more;
  const traced = trace(() => {
    const built = network.build({ shape, training: true, ...(estimator && { estimator }) });
    const values = network.parameters.map(
      (each) => [each.name, parameter(each.name, each.shape)] as const,
    );
    return withGradients(built.loss, values, { loss: built.loss, logits: built.predictions });
  });
  const { outputs, state } = await run(backend, traced, { ...inputs, key: KEY }, async (fresh) => {
    await network.initialize(fresh, { seed: 0 });
    if (tensors) await writeWeights(tensors)(fresh);
  });
  const found: Record<string, ArrayLike<number>> = { ...outputs };
  for (const { name } of network.statistics) found[name] = await state.read(name);
  await state.dispose();
  return found;
}

const bounds: [string, Backend, number][] = [
  ['the reference executor', createReferenceBackend({ precision: 'f64' }), 1e-6],
  ['cpu', cpu, 1e-5],
];

describe.each(bounds)('on %s', (_, backend, bound) => {
  it.each(NETWORKS)(
    '%s of a wider batch has the same loss, gradients and statistics',
    async (name) => {
      const { network, exact, wide, tensors } = await widened(name);
      const wanted = await step(backend, network, exact, { tensors });
      const found = await step(backend, network, wide, { tensors });
      const { logits, ...rest } = wanted;
      const own = Array.from(found.logits!).slice(0, logits!.length);
      expect(relativeDifference(own, logits!)).toBeLessThan(bound);
      for (const [what, values] of Object.entries(rest))
        expect(relativeDifference(found[what]!, values), what).toBeLessThan(bound);
    },
  );
});

/** Whatever there may be in what is nobody's. */
function garbled({ shape, inputs }: NodeBatch): NodeBatch {
  const spoilt = { ...inputs };
  const spoil = (name: string, spare: number, of: number, value: number) => {
    const array = inputs[name]!.slice();
    spoilt[name] = array.fill(value, array.length - (spare * array.length) / of);
  };
  spoil('features', MORE.nodes, shape.nodes, Number.NaN);
  spoil('columnIndices', MORE.entries, shape.entries, -3);
  spoil('edgeWeights', MORE.entries, shape.entries, Number.NaN);
  spoil('labels', MORE.rows, shape.rows, inputs.labels instanceof Int32Array ? 99 : Number.NaN);
  spoil('rows', MORE.rows, shape.rows, shape.nodes - 1);
  return { shape, inputs: spoilt };
}

const estimators: Readonly<Record<string, LayerEstimators | undefined>> = {
  dense: undefined,
  sketched: () => rmm({ sketch: gaussian(), rate: 0.5 }),
  'in two bits': () => quantized({ bits: 2 }),
  'of sampled rows': () => sampledRows({ rate: 0.5, by: 'norm' }),
};

describe.each([
  ['the reference executor', createReferenceBackend()],
  ['cpu', cpu],
] as [string, Backend][])('on %s', (_, backend) => {
  const changes = [{}, { batchNorm: false, dropInput: true }, { residual: true, batchNorm: true }];
  for (const [way, estimator] of Object.entries(estimators))
    it.each(NETWORKS)(`what is nobody’s changes no bit of %s, ${way}`, async (name) => {
      for (const change of changes) {
        const { network, wide } = await widened(name, change);
        const more = estimator ? { estimator } : {};
        const wanted = await step(backend, network, wide, more);
        const found = await step(backend, network, garbled(wide), more);
        const cut = wide.shape.nodes - MORE.nodes;
        const each = network.config.classes;
        for (const [what, values] of Object.entries(wanted)) {
          const all = what === 'logits' ? cut * each : values.length;
          expect(Array.from(found[what]!).slice(0, all), what).toEqual(
            Array.from(values).slice(0, all),
          );
        }
      }
    });
});

it.each(NETWORKS)('%s keeps and counts zeros in rows that are nobody’s', async (name) => {
  for (const change of [{}, { batchNorm: false }, { residual: true, batchNorm: true }]) {
    const { network, wide } = await widened(name, change);
    const layers: string[] = [];
    const estimator: LayerEstimators = ({ name: layer, used }) => {
      layers.push(layer);
      return probed({ layer, estimators: [], matrices: true, used: used! });
    };
    const found = await step(createReferenceBackend(), network, garbled(wide), { estimator });
    expect(layers.length).toBeGreaterThan(1);
    for (const layer of layers) {
      const { x, y, used } = probeOutputs(layer);
      expect([...Array.from(found[used]!)]).toEqual([0, wide.shape.nodes - MORE.nodes]);
      for (const matrix of [x, y]) {
        const values = Array.from(found[matrix]!);
        const behind = values.slice(
          values.length - (MORE.nodes * values.length) / wide.shape.nodes,
        );
        expect(values.some((value) => value !== 0)).toBe(true);
        expect(
          behind.every((value) => value === 0),
          matrix,
        ).toBe(true);
      }
    }
  }
});

it('costs a whole graph nothing: its step is the same without', async () => {
  const { network, exact, wide } = await widened('gcn-residual');
  const traced = (shape: NodeShape) =>
    trace(() => ({ loss: network.build({ shape, training: true }).loss }));
  const names = (shape: NodeShape) => traced(shape).inputs.map((each) => each.name);
  expect(names(wide.shape).filter((name) => !names(exact.shape).includes(name))).toEqual([
    'usedNodes',
    'usedRows',
  ]);
  const ops = traced(exact.shape).nodes.map(({ op }) => op.name);
  expect(ops).not.toContain('zeroRowsBehind');
});

it('refuses sizes that are too small, or not told to be spare', async () => {
  const { network, exact, wide } = await widened('gcn');
  const shape = widerThan(exact.shape);
  expect(() => network.widen(exact, { ...shape, nodes: 2 })).toThrow(
    'a batch of 30 nodes cannot be widened to 2',
  );
  expect(() => network.widen(exact, { ...exact.shape, spare: false })).toThrow('spare');
  expect(() => network.widen(wide, shape)).toThrow('a batch of exact sizes is widened');
  expect(() => network.widen(exact, { ...shape, rows: 0.5 })).toThrow("the shape's rows");
});
