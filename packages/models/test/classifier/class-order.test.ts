import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBackend } from '@sketchgrad/backend-cpu';
import { DataError } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { loadClassifier, openSafetensors, saveClassifier } from '../../src/node/index.js';
import { temporaryFolder } from '../temporary-folder.js';
import { changedModel, remove } from './changed-model.js';
import { readAll, startingState } from './memory-state.js';
import {
  readExample,
  runOnce,
  type TransformersFixture,
  traceGradients,
} from './transformers-fixture.js';

const STORED = ['neutral', 'contradiction', 'entailment'];
const TASK = ['entailment', 'neutral', 'contradiction'];

/** The fixture's model, whose classes are called like this. */
const called = (names: readonly string[], fixture: TransformersFixture = 'bert-classification') =>
  changedModel(() => {}, { fixture, config: { id2label: { ...names }, label2id: null } });

/** What loading a model says. */
async function load(folder: string, options: Parameters<typeof loadClassifier>[1] = {}) {
  const warnings: string[] = [];
  const onWarning = (message: string) => void warnings.push(message);
  return { model: await loadClassifier(folder, { ...options, onWarning }), warnings };
}

/** The rows of the classifier, by the class that the model says they are of. */
async function rowsByClass(folder: string, labels?: readonly string[] | number) {
  const { model } = await load(folder, labels === undefined ? {} : { labels });
  const weights = await readAll(await startingState(model));
  const layer = model.config.architecture === 'bert' ? 'classifier' : 'classifier.out_proj';
  const [weight, bias] = [weights[`${layer}.weight`]!, weights[`${layer}.bias`]!];
  const width = weight.length / bias.length;
  return Object.fromEntries(
    model.labels.map((label, id) => [
      label,
      [...weight.slice(id * width, (id + 1) * width), bias[id]],
    ]),
  );
}

describe('classes that a checkpoint has in another order', () => {
  it.each<TransformersFixture>(['bert-classification', 'roberta-classification'])(
    'get the logits that transformers gives them by name: %s',
    async (fixture) => {
      const { batch, logits } = readExample(fixture);
      const { model, warnings } = await load(await called(STORED, fixture), { labels: TASK });
      expect(model.labels).toEqual(TASK);
      expect(warnings).toEqual([]);
      const backend = await createBackend({ threads: 1 });
      const { predictions } = await runOnce(model, traceGradients(model, batch), batch, backend);
      await backend.dispose();
      const theirs = TASK.map((name) => STORED.indexOf(name));
      expect(theirs).toEqual([2, 0, 1]);
      for (let example = 0; example < batch.batchSize; example++)
        for (const [place, row] of theirs.entries())
          expect(predictions![3 * example + place]).toBeCloseTo(logits[3 * example + row]!, 4);
    },
  );

  it.each<TransformersFixture>(['bert-classification', 'roberta-classification'])(
    'keep their rows under their names in a saved model: %s',
    async (fixture) => {
      const folder = await called(STORED, fixture);
      const { model } = await load(folder, { labels: TASK });
      const saved = join(temporaryFolder(), 'saved');
      await saveClassifier(model, saved, await startingState(model));
      const { id2label, label2id } = JSON.parse(readFileSync(join(saved, 'config.json'), 'utf8'));
      expect(id2label).toEqual({ ...TASK });
      expect(label2id).toEqual({ entailment: 0, neutral: 1, contradiction: 2 });
      expect(await rowsByClass(saved)).toEqual(await rowsByClass(folder));
      const first = await openSafetensors(join(folder, 'model.safetensors'));
      const again = await openSafetensors(join(saved, 'model.safetensors'));
      const name = fixture.startsWith('bert') ? 'classifier.bias' : 'classifier.out_proj.bias';
      const biases = await first.readFloat32(name);
      expect([...(await again.readFloat32(name))]).toEqual([biases[2], biases[0], biases[1]]);
      await Promise.all([first.close(), again.close()]);
    },
  );

  it('are found whatever their case and what joins their words', async () => {
    const folder = await called(['Not Entailment', 'ENTAILMENT', 'none-of-these']);
    const asked = ['none_of_these', 'entailment', 'not_entailment'];
    const rows = await rowsByClass(folder, asked);
    const stored = await rowsByClass(folder);
    expect(rows).toEqual({
      none_of_these: stored['none-of-these'],
      entailment: stored.ENTAILMENT,
      not_entailment: stored['Not Entailment'],
    });
    expect((await load(folder, { labels: asked })).warnings).toEqual([]);
  });

  it('are told apart by case where that is all they differ in', async () => {
    const folder = await called(['a', 'A', 'b']);
    const stored = await rowsByClass(folder);
    expect(await rowsByClass(folder, ['b', 'A', 'a'])).toEqual(stored);
  });
});

describe('classes of other names', () => {
  it('are taken by position, which is said', async () => {
    const folder = await called(STORED);
    const { model, warnings } = await load(folder, { labels: ['x', 'neutral', 'entailment'] });
    expect(model.labels).toEqual(['x', 'neutral', 'entailment']);
    expect(warnings).toEqual([
      `${join(folder, 'config.json')}: its classes are neutral, contradiction, entailment, not ` +
        "x, neutral, entailment; they are taken by position, so that 'neutral' gets the row of " +
        "'contradiction'. Where they are others, draw a new classifier with the option newHead, " +
        'on a command line --new-head',
    ]);
    const stored = await rowsByClass(folder);
    const rows = await rowsByClass(folder, ['x', 'neutral', 'entailment']);
    expect(Object.values(rows)).toEqual(Object.values(stored));
  });

  it('are taken by position without a word where a checkpoint only counts them', async () => {
    const { model, warnings } = await load(await called(['LABEL_0', 'LABEL_1', 'LABEL_2']), {
      labels: TASK,
    });
    expect([model.labels, warnings]).toEqual([TASK, []]);
  });

  it('are taken by position without a word where they are only counted', async () => {
    const numbered = ['LABEL_0', 'LABEL_1', 'LABEL_2'];
    const { model, warnings } = await load(await called(STORED), { labels: numbered });
    expect([model.labels, warnings]).toEqual([numbered, []]);
  });

  it('keep their own names where only their number is asked for', async () => {
    const folder = await called(STORED);
    const { model, warnings } = await load(folder, { labels: 3 });
    expect([model.labels, warnings]).toEqual([STORED, []]);
    expect(await rowsByClass(folder, 3)).toEqual(await rowsByClass(folder));
  });

  it('do not matter to a head that is drawn', async () => {
    const headless = await changedModel((t) => remove(t, /^classifier/), {
      config: { id2label: { ...STORED } },
    });
    for (const [folder, newHead] of [
      [headless, false],
      [await called(STORED), true],
    ] as const) {
      const { model, warnings } = await load(folder, { labels: ['x', 'y'], newHead });
      expect(model.labels).toEqual(['x', 'y']);
      expect(warnings).toHaveLength(1);
      expect(warnings[0]).toContain('drawn at random');
    }
  });
});

describe('a label2id that contradicts id2label', () => {
  it('is left aside as transformers does, which is said', async () => {
    const folder = await changedModel(() => {}, {
      config: {
        id2label: { ...STORED },
        label2id: { neutral: 1, contradiction: 0, entailment: 2 },
      },
    });
    const rows = await rowsByClass(await called(STORED), TASK);
    expect(await rowsByClass(folder, TASK)).toEqual(rows);
    for (const options of [{}, { labels: TASK }])
      expect((await load(folder, options)).warnings).toEqual([
        `${join(folder, 'config.json')}: "label2id" gives classes other ids than "id2label" ` +
          '(neutral, contradiction, entailment), which is taken, as in transformers',
      ]);
  });

  it('says nothing of classes that id2label does not have', async () => {
    const folder = await changedModel(() => {}, {
      config: { id2label: { ...STORED }, label2id: { LABEL_0: 1, neutral: '0' } },
    });
    expect((await load(folder)).warnings).toEqual([]);
  });
});

describe('a config.json that names its classes in one way alone, or twice', () => {
  const changed = (config: Readonly<Record<string, unknown>>) =>
    changedModel(() => {}, { config: { id2label: null, label2id: null, ...config } });

  it('by label2id alone is taken at that', async () => {
    const label2id = { entailment: 2, neutral: 0, contradiction: 1 };
    const folder = await changed({ label2id });
    const { model, warnings } = await load(folder);
    expect([model.labels, warnings]).toEqual([STORED, []]);
    expect(await rowsByClass(folder, TASK)).toEqual(await rowsByClass(await called(STORED), TASK));
  });

  it.each([
    { a: 0, b: 1, c: 3 },
    { a: 0, b: 1, c: 1 },
    { a: '0', b: '1', c: '2' },
    ['a', 'b', 'c'],
    { a: 0, b: 1 },
  ])('by a label2id that leaves a class out has numbers: %j', async (label2id) => {
    const { model } = await load(await changed({ label2id, num_labels: 3 }));
    expect(model.labels).toEqual(['LABEL_0', 'LABEL_1', 'LABEL_2']);
  });

  it('by names and another number says so', async () => {
    const folder = await changed({ id2label: { ...STORED }, num_labels: 2 });
    const { model, warnings } = await load(folder);
    expect(model.labels).toEqual(STORED);
    expect(warnings).toEqual([
      `${join(folder, 'config.json')}: "num_labels" is 2, but 3 classes are named (neutral, ` +
        'contradiction, entailment); the names are taken, where transformers takes the number',
    ]);
  });

  it('by numbers in another order says that they are taken by position', async () => {
    const id2label = { 0: 'LABEL_2', 1: 'LABEL_0', 2: 'LABEL_1' };
    const { warnings } = await load(await changed({ id2label }), { labels: TASK });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('its classes are LABEL_2, LABEL_0, LABEL_1, not entailment, neu');
  });

  it('by names with commas has them in quotes', async () => {
    const id2label = { 0: 'yes, surely', 1: 'no', 2: 'so so' };
    const { warnings } = await load(await changed({ id2label }), { labels: TASK });
    expect(warnings[0]).toContain('its classes are "yes, surely", "no", "so so", not entailment, ');
  });
});

describe('another number of classes', () => {
  it.each<[readonly string[] | number | 'regression', string]>([
    [['x', 'y'], '2 are asked for (x, y)'],
    [4, '4 are asked for'],
    ['regression', 'regression is asked for'],
  ])('is refused, naming what draws a new head: %j', async (labels, asked) => {
    const folder = await called(STORED);
    const error = await load(folder, { labels }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toContain(
      `has a classifier for 3 classes (neutral, contradiction, entailment), and ${asked}; ` +
        'draw a new classifier with the option newHead, on a command line --new-head',
    );
    const { model } = await load(folder, { labels, newHead: true });
    expect(model.labels).toHaveLength(typeof labels === 'object' ? 2 : labels === 4 ? 4 : 1);
  });

  it('is refused where config.json and the weights differ', async () => {
    await expect(load(await called(['no', 'yes']))).rejects.toThrow(
      /config\.json: has 2 labels \(no, yes\), but the classifier in .*safetensors has 3 rows/,
    );
  });
});
