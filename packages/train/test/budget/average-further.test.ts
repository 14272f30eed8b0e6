import { exact, type Moments } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { type FineTuneOptions, fineTune, type SearchEvent } from '../../src/index.js';
import { ProbePasses } from '../../src/search/probe-passes.js';
import { checkedRun } from '../../src/sentences/fine-tune.js';
import { tinyData } from '../tiny-model.js';
import { base, choose } from './choosing.js';
import { tokenNetwork as model } from './token-network.js';

const estimator = exact({ bits: 1, projection: 4 });
const drawn = [{ name: 'exact:1', estimator }];

/** Two examples: the draws of a small batch are far apart. */
const small = (): Partial<FineTuneOptions> => ({
  candidates: drawn,
  data: tinyData({ count: 4 }),
  batchSize: 2,
});

describe('a choice whose variance is an average over draws', () => {
  it('is averaged until its error is below 2 %, the same each time', async () => {
    const told: SearchEvent[] = [];
    const options = {
      ...small(),
      noiseBudget: 1e9,
      onSearch: (event: SearchEvent) => void told.push(event),
    };
    const choice = await choose(options);
    expect(choice.varianceError).toBeGreaterThan(0);
    expect(choice.varianceError).toBeLessThanOrEqual(0.02 * choice.variance);
    expect(await choose(options)).toEqual(choice);
    // One pass over each of two batches at first: there are no rows to rank.
    expect(told[0]).toEqual({ stage: 'measuring', done: 0, total: 3 });
    expect(told.some(({ total }) => total > 3)).toBe(true);
  });

  it('is as large as a thousand other draws of the same batches say', async () => {
    const { layers } = await choose({ ...small(), noiseBudget: 1e9 });
    const { source, settings } = checkedRun(model, { ...base(), ...small(), noiseBudget: 1e9 });
    const { backend, seed } = settings;
    const state = backend.createState();
    const passes = new ProbePasses(source, {
      ...{ backend, state, seed, free: new Set<string>(), recompute: 'none' },
      initialize: () => model.initialize(state, { seed }),
    });
    const many = { estimators: () => [estimator], dropout: 1, draws: 1000, round: 9 } as const;
    const measured = [await passes.run(0, many), await passes.run(1, many)];
    for (const { layer, variance, varianceError } of layers) {
      const [a, b] = measured.map((moments) => estimator.variance(moments(layer)));
      expect(Math.abs((a! + b!) / 2 - variance), layer).toBeLessThanOrEqual(4 * varianceError);
    }
  });

  it('is told where its error stays above that', async () => {
    const warnings: string[] = [];
    // No number of draws that a search has time for is enough.
    const uncertain = exact({ bits: 1, projection: 4 });
    const told = uncertain.varianceError!.bind(uncertain);
    Object.assign(uncertain, { varianceError: (moments: Moments) => 1000 * told(moments) });
    await fineTune(model, {
      ...{ ...base(), ...small(), noiseBudget: 1e9, epochs: 1 },
      candidates: [{ name: 'uncertain', estimator: uncertain }],
      onWarning: (message) => void warnings.push(message),
    });
    expect(warnings.join('\n')).toMatch(
      /average over draws with a standard error of \d.* %, more than the 2 %/,
    );
  });
});
