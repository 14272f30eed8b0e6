import {
  createReferenceBackend,
  type DeviceState,
  ELEMENT_BYTES,
  formatBytes,
  type Graph,
} from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { type FineTuneOptions, fineTune, type SearchEvent } from '../../src/index.js';
import { base, candidates, choose } from './choosing.js';
import { tokenNetwork as model } from './token-network.js';

describe('a budget that cannot be met', () => {
  /** What is told, and the bytes in the last brackets with a unit. */
  const refused = async (memoryBudget: number, options: Partial<FineTuneOptions> = {}) => {
    const failure = choose({ memoryBudget, budgetOf: 'kept', ...options });
    return failure.then(
      () => 'met',
      (error: Error) => error.message,
    );
  };
  const least = async (options: Partial<FineTuneOptions>) =>
    Number(/least is .*\((\d+) bytes\)/.exec(await refused(1, options))![1]);

  it('is told what alone would help, which it does', async () => {
    const budget = (await least({})) - 1;
    const message = await refused(budget);
    const [, advice] = /By plan, any of these fits: (.*)$/.exec(message)!;
    expect(advice).toMatch(/^recompute 'cheap' \(.*\); accumulate 2 \(.*\)$/);
    for (const options of [{ recompute: 'cheap' }, { accumulate: 2 }] as const)
      expect(
        (await choose({ memoryBudget: budget, budgetOf: 'kept', ...options })).keptBytes,
      ).toBeLessThanOrEqual(budget);
    expect(advice).toContain(formatBytes(await least({ recompute: 'cheap' })));
    expect(advice).toContain(formatBytes(await least({ accumulate: 2 })));
  });

  it('is told what would help together', async () => {
    const budget =
      Math.min(await least({ recompute: 'cheap' }), await least({ accumulate: 8 })) - 1;
    const message = await refused(budget);
    expect(message).toMatch(
      /By plan, these fit together: recompute 'cheap', keep gelu=3,norm=8,attention=8, accumulate 2 \(/,
    );
    const keep = { gelu: 3, norm: 8, attention: 8 } as const;
    const together = { recompute: 'cheap', keep, accumulate: 2, budgetOf: 'kept' } as const;
    const { keptBytes } = await choose({ ...together, memoryBudget: budget });
    expect(keptBytes).toBeLessThanOrEqual(budget);
  });

  it('is told what no setting changes where nothing helps', async () => {
    const parameters = model.parameters.reduce(
      (sum, { shape }) => sum + 3 * shape.reduce((a, b) => a * b, ELEMENT_BYTES),
      0,
    );
    const message = await refused(parameters, { budgetOf: 'peak' });
    expect(message).toMatch(/Not even these together fit: .*, keep .*, accumulate 8 \(/);
    expect(message).toMatch(/parameters and what the optimizer keeps of them are .* of any step/);
  });
});

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
        plan: (graph: Graph) => {
          plans++;
          return backend.plan(graph);
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
