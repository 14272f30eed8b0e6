import type { DeviceState, Graph } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { describe, expect, it } from 'vitest';
import { fineTune, type SearchEvent } from '../../src/index.js';
import { base, candidates, choose } from './choosing.js';
import { tokenNetwork as model } from './token-network.js';

describe('the search', () => {
  it('tells how far it is: two passes over each of two batches, then the plans', async () => {
    const told: SearchEvent[] = [];
    let chosen = 0;
    await fineTune(model, {
      ...{ ...base(), candidates, memoryBudget: '1GB' },
      onSearch: (event) => void told.push(event),
      onChoice: () => {
        chosen = told.length;
      },
    });
    expect(told).toEqual([
      ...[0, 1, 2, 3].map((done) => ({ stage: 'measuring', done, total: 5 })),
      { stage: 'planning', done: 4, total: 5 },
      { stage: 'planning', done: 5, total: 5 },
    ]);
    expect(chosen).toBe(told.length);
  });

  it('plans few steps', async () => {
    const exactly = await choose({ memoryBudget: '1GB', budgetOf: 'kept' });
    const sparsest = await choose({ noiseBudget: 1e9 });
    for (const share of [0.2, 0.5, 0.8]) {
      const backend = createReferenceBackend();
      let plans = 0;
      const counting = Object.assign(Object.create(backend) as typeof backend, {
        plan: (graph: Graph, state?: DeviceState) => {
          plans++;
          return backend.plan(graph, state);
        },
        createState: () => backend.createState(),
        compile: (graph: Graph, options: { state: DeviceState }) => backend.compile(graph, options),
      });
      const memoryBudget = Math.round(
        sparsest.keptBytes + share * (exactly.keptBytes - sparsest.keptBytes),
      );
      await choose({ backend: counting, memoryBudget, budgetOf: 'kept' });
      // One for the state; what exact gradients add in three kinds of layers; the ends; what is between.
      expect(plans).toBeLessThanOrEqual(1 + 4 + 2 + 4);
    }
  });
});
