import type { TensorData } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { expect, it } from 'vitest';
import { trainNodes } from '../../src/index.js';
import { counting } from '../counting-backend.js';
import { neighbourModel, ring } from './ring.js';

const names = (inputs: Readonly<Record<string, TensorData>>) => Object.keys(inputs).sort();

it('a step over the whole graph is handed no data, which is on the device once', async () => {
  const runs: string[][] = [];
  const { backend } = counting(createReferenceBackend(), (inputs) => runs.push(names(inputs)));
  const data = ring();
  const run = await trainNodes(neighbourModel, { backend, data, epochs: 2, evaluateEvery: 2 });
  const step = ['key', 'settings'];
  // The nodes that are judged are others than those that are learnt from; all else is shared.
  expect(runs).toEqual([step, step, ['labels', 'rows']]);
  expect(await run.state.read('data.features')).toEqual(data.features.data);
  expect(await run.state.read('data.columnIndices')).toEqual(data.graph.columnIndices);
  expect(run.measuredPeakBytes).toBe(run.plan.peakBytes);
});

it('a part of a graph is handed in, and a whole one for its evaluation', async () => {
  const runs: string[][] = [];
  const { backend } = counting(createReferenceBackend(), (inputs) => runs.push(names(inputs)));
  const whole = ring();
  const nodes = Int32Array.from({ length: whole.graph.nodes }, (_, node) => node);
  const batches = { name: 'all in one', of: () => [{ nodes, dataset: whole }] };
  const run = await trainNodes(neighbourModel, { backend, data: whole, epochs: 1, batches });
  const given = ['columnIndices', 'features', 'labels', 'rowPointers', 'rows'];
  const counts = ['usedNodes', 'usedRows'];
  expect(runs).toEqual([[...given, 'key', 'settings', ...counts].sort(), given]);
  expect([...run.state.tensors.keys()].filter((name) => name.startsWith('data.'))).toEqual([]);
});
