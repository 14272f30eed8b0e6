import {
  alignUp,
  ELEMENT_BYTES,
  formatBytes,
  type KeepChoice,
  type RecomputeMode,
} from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { describe, expect, it } from 'vitest';
import { type Budgeted, type FineTuneOptions, fineTune } from '../../src/index.js';
import { stepJobs } from '../../src/jobs/jobs.js';
import { leastStep } from '../../src/search/least-step.js';
import { budgeted, stepPlans } from '../../src/search/step-plans.js';
import { checkedRun } from '../../src/sentences/fine-tune.js';
import { counting } from '../counting-backend.js';
import { base, candidates, choose } from './choosing.js';
import { tokenNetwork as model } from './token-network.js';

type Changes = Pick<FineTuneOptions, 'recompute' | 'keep' | 'accumulate'>;

const FEW: KeepChoice = { gelu: 3, norm: 8, attention: 8 };

/** What a step takes at least, by plan. */
function leastBytes(of: Budgeted, options: Partial<FineTuneOptions>): number {
  const { source, settings } = checkedRun(model, { ...base(), ...options });
  const jobs = [...stepJobs(source, source.known(), settings)];
  const state = settings.backend.createState();
  return budgeted(leastStep(stepPlans({ source, settings, jobs, state }), candidates), of);
}

async function refused(memoryBudget: number, options: Partial<FineTuneOptions>): Promise<string> {
  return choose({ memoryBudget, ...options }).then(
    () => 'met',
    (error: Error) => error.message,
  );
}

/** The settings that a text names. */
function named(text: string): Changes {
  return Object.assign(
    {},
    ...text.split(' and ').map((part): Changes => {
      const [, name, value] = /^(recompute|keep|accumulate) (\S+)$/.exec(part)!;
      if (name === 'recompute') return { recompute: value!.slice(1, -1) as RecomputeMode };
      if (name === 'accumulate') return { accumulate: Number(value) };
      const bits = value!.split(',').map((each) => each.split('='));
      return { keep: Object.fromEntries(bits.map(([kind, count]) => [kind, Number(count)])) };
    }),
  ) as Changes;
}

/** Changes without one of them, for each. */
const withoutOne = (changes: Changes): Changes[] =>
  Object.keys(changes).map((left) =>
    Object.fromEntries(Object.entries(changes).filter(([name]) => name !== left)),
  );

/** Everything that may be set, and what it takes. */
function all(of: Budgeted, options: Partial<FineTuneOptions>): number[] {
  const { batchSize } = { ...base(), ...options };
  const modes = [...new Set([options.recompute ?? 'none', 'cheap', 'projections', 'block'])];
  const keeps = [options.keep, { ...FEW, ...options.keep }];
  const pieces = Array.from({ length: batchSize! }, (_, i) => i + 1);
  return modes.flatMap((recompute) =>
    keeps.flatMap((keep) =>
      pieces
        .filter((accumulate) => batchSize! % accumulate === 0)
        .map((accumulate) =>
          leastBytes(of, {
            ...options,
            ...{ recompute: recompute as RecomputeMode, accumulate },
            ...(keep ? { keep } : {}),
          }),
        ),
    ),
  );
}

describe.each<[string, Budgeted, Partial<FineTuneOptions>]>([
  ['what is kept', 'kept', {}],
  ['the peak', 'peak', {}],
  [
    'the peak of small batches, where sums of gradients cost more than they save',
    'peak',
    { batchSize: 2 },
  ],
  ['the peak in pieces that cost more than they save', 'peak', { batchSize: 2, accumulate: 2 }],
  ['the peak of blocks', 'peak', { recompute: 'block' }],
  ['the peak of projections', 'peak', { recompute: 'projections', accumulate: 2 }],
  ['what is kept in few bits', 'kept', { keep: { gelu: 2, norm: 8, attention: 8 } }],
])('a budget of %s', (_, of, options) => {
  const asked = { ...options, budgetOf: of };
  const present = leastBytes(of, options);
  const least = Math.min(...all(of, options));

  it('that can be met with other settings is told those that do, none of them needless', async () => {
    const budgets = [present - 1, (present + least) >> 1, least].filter(
      (budget) => budget < present,
    );
    for (const budget of budgets) {
      const message = await refused(budget, asked);
      expect(message).toContain(`(${budget} bytes)`);
      expect(message).toContain(`the least is ${formatBytes(present)} (${present} bytes)`);
      const [, advice] = /By plan, (?:any of these fits|this fits): (.*)$/.exec(message)!;
      for (const text of advice!.split('; ')) {
        const [, names, size] = /^(.*) \((.*)\)$/.exec(text)!;
        const changes = named(names!);
        const bytes = leastBytes(of, { ...options, ...changes });
        expect(bytes, text).toBeLessThanOrEqual(budget);
        expect(size, text).toBe(formatBytes(bytes));
        for (const fewer of withoutOne(changes))
          expect(leastBytes(of, { ...options, ...fewer }), text).toBeGreaterThan(budget);
      }
    }
  });

  it('that nothing meets is told what takes least of all, none of it needless', async () => {
    const message = await refused(least - 1, asked);
    const found =
      /What takes least by plan is (.*?): \S+ \S+ \((\d+) bytes\), only 1 B or (\S+) % above/;
    if (least === present) {
      expect(message).toMatch(
        /That is only 1 B or .* % above the budget, and no other recompute, keep or accumulate takes less by plan\. /,
      );
      return;
    }
    const [, names, bytes, share] = found.exec(message)!;
    expect(Number(bytes)).toBe(least);
    expect(share).toBe(String(Number((100 / (least - 1)).toPrecision(2))));
    const changes = named(names!);
    expect(leastBytes(of, { ...options, ...changes })).toBe(least);
    for (const fewer of withoutOne(changes))
      expect(leastBytes(of, { ...options, ...fewer })).toBeGreaterThan(least);
    expect(message).toMatch(/Shorter sequences, smaller batches or a smaller model need less/);
  });
});

it('sums of gradients are not named where they cost more than they save, and no sums are', async () => {
  const nearest = async (options: Partial<FineTuneOptions>) =>
    /is (.*?): /.exec((await refused(8000, options)).split('What takes least by plan ')[1]!)![1]!;
  expect(await nearest({ batchSize: 2 })).not.toContain('accumulate');
  expect(await nearest({ batchSize: 2, accumulate: 2 })).toContain('accumulate 1');
});

describe('a budget that no choice can meet', () => {
  /** Bytes of the parameters and of AdamW's two moments of each. */
  const state = model.parameters.reduce(
    (sum, { shape }) => sum + 3 * alignUp(shape.reduce((a, b) => a * b, ELEMENT_BYTES)),
    0,
  );

  it.each([
    ['what stays from step to step is more', state - 1, 'Only a smaller model can need so little'],
    ['the least of a step is more', leastBytes('peak', {}) - 1, 'By plan'],
  ])('is refused before anything is measured: %s', async (_, memoryBudget, words) => {
    const { backend, compiled } = counting(createReferenceBackend());
    const told: unknown[] = [];
    const failure = fineTune(model, {
      ...{ ...base(), backend, candidates, memoryBudget },
      onSearch: (event) => void told.push(event),
    });
    await expect(failure).rejects.toThrow(words);
    await expect(failure).rejects.toMatchObject({ code: 'usage' });
    expect(compiled).toEqual([]);
    expect(told).toEqual([]);
  });

  it('says what of it every step has, without sums of gradients', async () => {
    const of = `what the optimizer keeps of them are ${formatBytes(state)} of any step`;
    expect(await refused(state - 1, {})).toContain(of);
    expect(await refused(state - 1, { accumulate: 2 })).toContain(of);
    expect(await refused(1, { budgetOf: 'kept' })).not.toContain('optimizer');
  });

  it('says that a bare number is bytes, where a unit may have been meant', async () => {
    expect(await refused(300, {})).toContain(
      "cannot be met (memoryBudget is a number of bytes; a text takes a unit: '300MB'): ",
    );
    await expect(choose({ memoryBudget: '300B' })).rejects.toThrow(
      '(300 bytes) for the peak of a step cannot be met: ',
    );
  });
});
