import { type Graph, trace } from '@sketchgrad/core';
import { expect, it } from 'vitest';
import { GraphNetwork } from '../../src/index.js';
import { readNetwork } from './geometric-fixture.js';

/** Sizes of what the forward pass drops from, in order. */
async function dropped(name: string, change: object): Promise<number[]> {
  const { network, data, rows } = await readNetwork(name);
  const changed = new GraphNetwork({ ...network.config, dropout: 0.5, ...change });
  const { shape } = changed.batch(data, rows);
  const traced: Graph = trace(() => ({ loss: changed.build({ shape, training: true }).loss }));
  return traced.nodes
    .filter(({ op }) => op.name === 'dropout')
    .map(({ inputs }) => inputs[0]!.shape[1]!);
}

it.each([
  { layers: 1, dropInput: true, columns: ['inputs'] },
  { layers: 1, dropInput: false, columns: [] },
  { layers: 2, dropInput: true, columns: ['inputs', 'hidden'] },
  { layers: 2, dropInput: false, columns: ['hidden'] },
  { layers: 3, dropInput: false, columns: ['hidden', 'hidden'] },
])(
  'gcn of $layers layers, dropInput $dropInput, drops from $columns',
  async ({ columns, ...change }) => {
    const { config } = (await readNetwork('gcn')).network;
    const sizes = columns.map((name) => config[name as 'inputs' | 'hidden']);
    expect(config.inputs).not.toBe(config.hidden);
    expect(await dropped('gcn', change)).toEqual(sizes);
  },
);

it.each([true, false])(
  'gcn2 drops before every layer, before the first where dropInput is %s',
  async (dropInput) => {
    const { config } = (await readNetwork('gcn2')).network;
    const inner = Array.from({ length: 3 }, () => config.hidden);
    const sizes = dropInput ? [config.inputs, ...inner] : inner;
    expect(await dropped('gcn2', { layers: 2, dropInput })).toEqual(sizes);
  },
);
