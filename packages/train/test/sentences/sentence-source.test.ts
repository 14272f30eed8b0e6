import type { SentenceShape } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { describe, expect, it } from 'vitest';
import { type FineTuneOptions, fineTune, type TrainingData } from '../../src/index.js';
import { checkedRun } from '../../src/sentences/fine-tune.js';
import { counting } from '../counting-backend.js';
import { TinyModel, tinyData } from '../tiny-model.js';

const model = new TinyModel({ perToken: true });

/** 90 examples of 2 to 40 tokens, judged by 130: in batches of 8 neither come out even. */
const base = (): FineTuneOptions => ({
  backend: createReferenceBackend(),
  data: tinyData({ count: 90, longest: 40 }),
  evaluation: { data: tinyData({ count: 130, longest: 40 }), metrics: ['accuracy'] },
  epochs: 2,
  batchSize: 8,
});

const cuts = [{}, { accumulate: 2 }, { accumulate: 8 }];

const sourceOf = (options: Partial<FineTuneOptions>) =>
  checkedRun(model, { ...base(), ...options }).source;

/** The batches of a run's updates, in order, with the place of each. */
async function batchesOf(options: Partial<FineTuneOptions>) {
  const source = sourceOf(options);
  const found = [];
  for (let epoch = 0; epoch < base().epochs!; epoch++) {
    let update = epoch * source.updatesPerEpoch;
    for (const { batches } of source.updates(epoch)) {
      for (const [index, make] of batches.entries())
        found.push({ update, index, of: batches.length, batch: await make() });
      update++;
    }
  }
  return found;
}

describe.each(cuts)('the steps of a run over sentences, %o', (cut) => {
  it('are all known before the first, each by its number and sizes', async () => {
    const made = (await batchesOf(cut)).map(({ batch: { shape, examples }, ...place }) => ({
      ...{ ...place, shape, examples },
    }));
    expect([...sourceOf(cut).known()]).toEqual(made);
    expect(made).toHaveLength(2 * Math.ceil((90 * (cut.accumulate ?? 1)) / 8));
  });

  it('and so are its evaluation’s', async () => {
    const evaluation = sourceOf(cut).evaluation!;
    const made = await Promise.all(evaluation.batches().map((make) => make()));
    expect([...evaluation.known()]).toEqual(
      made.map(({ shape, examples }) => ({ shape, examples })),
    );
  });

  it('have a row for each token, and few that are nobody’s', async () => {
    const source = sourceOf(cut);
    const evaluations = await Promise.all(source.evaluation!.batches().map((make) => make()));
    let [tokens, rows] = [0, 0];
    for (const { batch } of await batchesOf(cut)) {
      const { starts, attentionMask } = batch.rows!('layer');
      expect(attentionMask).toHaveLength(batch.shape.rows);
      tokens += starts[batch.examples]!;
      rows += batch.shape.rows;
    }
    // Two epochs, an evaluation after each.
    for (const { inputs, shape } of evaluations) {
      tokens += 2 * (inputs.starts as Int32Array).at(-1)!;
      rows += 2 * shape.rows;
    }
    expect(source.emptyRows).toBeCloseTo(1 - tokens / rows, 12);
    expect(source.emptyRows).toBeGreaterThan(0);
    expect((await fineTune(model, { ...base(), ...cut })).emptyRows).toBe(source.emptyRows);
  });

  it('share graphs: 16 at most, each compiled once, and as many as there are kinds and sizes', async () => {
    const { backend, compiled } = counting(createReferenceBackend());
    const { executables } = await fineTune(model, { ...base(), ...cut, backend });
    expect(compiled).toHaveLength(executables);
    expect(executables).toBeLessThanOrEqual(16);
    const nameOf = (work: string, shape: SentenceShape) =>
      [work, shape.batchSize, shape.rows, shape.longest].join();
    const source = sourceOf(cut);
    const steps = [...source.known()].map(({ shape, index, of }) =>
      nameOf(index === of - 1 ? 'apply' : 'add', shape),
    );
    const evaluations = [...source.evaluation!.known()].map(({ shape }) => nameOf('', shape));
    expect(executables).toBe(new Set([...steps, ...evaluations]).size);
    expect(new Set(steps).size).toBeLessThanOrEqual(11);
    expect(new Set(evaluations).size).toBeLessThanOrEqual(5);
  });
});

it('a step has no nobody’s rows where there are few numbers of tokens', async () => {
  // Batches of 8 and the last of 2, all of one length.
  const padded = { data: tinyData({ count: 90, longest: 40, padTo: 40 }) };
  const { evaluation: _, ...rest } = { ...base(), ...padded };
  const { emptyRows, executables } = await fineTune(model, rest);
  expect([emptyRows, executables]).toEqual([0, 2]);
});

it('later epochs of a long run have an update that is thought somewhat larger than any', async () => {
  const long = sourceOf({ epochs: 1e6, data: tinyData({ count: 1000 }), batchSize: 64 });
  const known = [...long.known()];
  const later = known.filter(({ update }) => update === undefined);
  expect(later).toHaveLength(1);
  expect(later[0]!.shape.batchSize).toBe(64);
  const rows = known.flatMap(({ shape, update }) => (update === undefined ? [] : shape.rows));
  // 100 epochs of 16 updates.
  expect(rows).toHaveLength(1600);
  expect(later[0]!.shape.rows).toBeGreaterThan(Math.max(...rows));
  expect(long.emptyRows).toBeLessThan(0.1);
  // More tokens than this no batch can have.
  const data = tinyData({ count: 1000, padTo: 5 });
  const alike = [...sourceOf({ epochs: 1e6, data, batchSize: 64 }).known()];
  expect(new Set(alike.map(({ shape }) => shape.rows))).toEqual(new Set([64 * 5, 40 * 5]));
});

describe('data that has more tokens than it says', () => {
  const data = tinyData({ count: 9 });
  const less: TrainingData = { ...data, lengthOf: (index) => data.lengthOf(index) - 1 };

  it('is refused in training and in evaluation', async () => {
    const judged = { data: less, metrics: ['accuracy'] } as const;
    for (const options of [{ data: less }, { data, evaluation: judged }]) {
      const run = fineTune(model, { ...base(), ...options });
      await expect(run).rejects.toMatchObject({ code: 'usage' });
      await expect(run).rejects.toThrow(/^a batch has \d+ rows and \d tokens in its longest/);
    }
  });
});
