import { gaussian, rmm, rows } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { expect, it } from 'vitest';
import { freeLayers, type NodeBatches, NodeSource, trainNodes } from '../../src/index.js';
import { RowNorms } from '../../src/priorities/row-norms.js';
import { LayerProbe } from '../../src/probe/layer-probe.js';
import { traceProbe } from '../../src/search/trace-probe.js';
import { layersOf } from '../../src/step/layers-of.js';
import { traceTrainingStep } from '../../src/step/trace-training-step.js';
import { arc, neighbourModel, ring } from './ring.js';

const COUNT = 600;
const data = ring('ring', COUNT);

/** Eight arcs whose ends are elsewhere in each epoch, none of them as long as another. */
const arcs: NodeBatches = {
  name: 'arcs',
  *of([, epoch]) {
    let first = 0;
    for (let part = 0; part < 8; part++) {
      const count = part === 7 ? COUNT - first : 68 + ((7 * part + 5 * epoch) % 17);
      yield arc(data, first, count);
      first += count;
    }
  },
};

const source = () => new NodeSource(neighbourModel, { data, batches: arcs, seed: 0 });

it('parts of many sizes share what is compiled, and little of it is nobody’s', async () => {
  const sizes = new Set<number>();
  for (let epoch = 0; epoch < 12; epoch++)
    for (const { nodes } of arcs.of([0, epoch])) sizes.add(nodes.length);
  expect(sizes.size).toBeGreaterThan(16);
  const run = await trainNodes(neighbourModel, {
    ...{ backend: createReferenceBackend(), data, batches: arcs, epochs: 12, learningRate: 0.1 },
  });
  expect(run.steps).toBe(96);
  expect(run.executables).toBeLessThanOrEqual(16);
  expect(run.emptyRows).toBeGreaterThan(0);
  expect(run.emptyRows).toBeLessThan(0.1);
  expect(run.best.metrics.test).toBeGreaterThan(0.8);
  const whole = await trainNodes(neighbourModel, {
    ...{ backend: createReferenceBackend(), data, epochs: 2, learningRate: 0.1 },
  });
  expect([whole.executables, whole.emptyRows]).toEqual([2, 0]);
});

it('tells how many there are, and weighs each part by its own loss rows', () => {
  const parts = [...arcs.of([0, 3])];
  const updates = [...source().updates(3)];
  expect(updates).toHaveLength(parts.length);
  for (const [at, { batches, examples }] of updates.entries()) {
    const { nodes, dataset } = parts[at]!;
    const batch = batches[0]!() as Awaited<ReturnType<(typeof batches)[0]>>;
    const learnt = dataset.split.train.length;
    expect([examples, batch.examples]).toEqual([learnt, learnt]);
    expect([...batch.inputs.usedNodes!]).toEqual([0, nodes.length]);
    expect([...batch.inputs.usedRows!]).toEqual([0, learnt]);
    expect(batch.shape.nodes).toBeGreaterThanOrEqual(nodes.length);
    expect(batch.shape.spare).toBe(true);
  }
});

it('finds a node’s norm again in whichever part it is', () => {
  const norms = new RowNorms('example', COUNT);
  const of = (epoch: number) =>
    [...source().updates(epoch)].map(({ batches }) => {
      const batch = batches[0]!() as Awaited<ReturnType<(typeof batches)[0]>>;
      return { ...batch.rows!('layer'), size: batch.shape.nodes };
    });
  for (const { size, ...part } of of(0)) {
    const own = Float32Array.from({ length: size }, (_, row) => part.indices[row] ?? 9999);
    norms.record('layer', part, own);
  }
  for (const { size, ...part } of of(1)) {
    const found = norms.priorities('layer', part);
    expect(found).toHaveLength(size);
    for (const [row, norm] of found.entries()) {
      const node = part.indices[row] ?? 0;
      // Norms are held in 16 bits.
      expect(Math.abs(norm - node)).toBeLessThanOrEqual(node / 128);
    }
  }
});

it('trains by row norms and under a budget', async () => {
  const options = {
    ...{ backend: createReferenceBackend(), data, batches: arcs, epochs: 2, learningRate: 0.1 },
  };
  const exact = await trainNodes(neighbourModel, options);
  const ranked = await trainNodes(neighbourModel, {
    ...{ ...options, estimator: rows({ rate: 0.5, by: 'optimal' }), everyLayer: true },
  });
  expect(ranked.loss.every(Number.isFinite)).toBe(true);
  const memoryBudget = exact.plan.keptBytes - 1;
  const { choice } = await trainNodes(neighbourModel, {
    ...{ ...options, memoryBudget, budgetOf: 'kept' },
  });
  expect(choice!.layers[0]!.dSgd2ByExample).toBeGreaterThan(0);
});

it('tells probes which rows are nodes', () => {
  const spare = [...source().known()][0]!.shape;
  const sketched = rmm({ sketch: gaussian(), rate: 0.5 });
  const step = { held: {}, draws: 0, recompute: 'cheap' } as const;
  const searched = traceProbe(neighbourModel, {
    ...{ ...step, shape: spare, estimators: () => [sketched] },
  });
  const probe = new LayerProbe(
    { layers: ['layer'], estimator: sketched, onRecord: () => {} },
    layersOf(neighbourModel, spare),
    { backend: createReferenceBackend(), warn: () => {} },
  );
  const estimator = probe.estimators(undefined);
  const watched = traceTrainingStep(neighbourModel, { shape: spare, estimator, everyLayer: true });
  for (const graph of [searched, watched])
    expect(Object.keys(graph.outputs)).toContain('probe.used.layer');
});

it('what is free is known of either kind of sizes', () => {
  const shape = { nodes: 24, entries: 48, rows: 8 };
  const free = (more: object) =>
    freeLayers(traceTrainingStep, neighbourModel, { shape: { ...shape, ...more } });
  expect(free({ spare: true })).toEqual(free({}));
  expect(free({ spare: true })).not.toBe(free({}));
});
