import { join } from 'node:path';
import { DataError } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { loadClassifier } from '../../src/node/index.js';
import { changedModel } from './changed-model.js';

/** What loading the fixture's model, a classifier of three rows, says with other fields in its config. */
async function load(
  config: Readonly<Record<string, unknown>>,
  options: Parameters<typeof loadClassifier>[1],
) {
  const folder = await changedModel(() => {}, {
    config: { id2label: null, label2id: null, ...config },
  });
  const warnings: string[] = [];
  const onWarning = (message: string) => void warnings.push(message.replace(`${folder}/`, ''));
  const model = await loadClassifier(folder, { ...options, onWarning });
  return { model, warnings, folder };
}

describe('a config.json that counts other classes than its classifier has rows', () => {
  const named = { id2label: { 0: 'no', 1: 'yes' } };
  it.each<[string, Record<string, unknown>, string]>([
    ['by num_labels', { num_labels: 5 }, 'LABEL_0, LABEL_1, LABEL_2, LABEL_3, LABEL_4'],
    ['by id2label', named, 'no, yes'],
    ['by label2id', { label2id: { no: 0, yes: 1 } }, 'no, yes'],
  ])('%s is told, whatever classes are asked for', async (_, config, listed) => {
    for (const labels of [3, ['a', 'b', 'c']]) {
      const { model, warnings, folder } = await load(config, { labels });
      expect(model.labels).toHaveLength(3);
      expect(warnings).toEqual([
        `config.json: its classes are ${listed}, but the classifier in ` +
          `${join(folder, 'model.safetensors')} has 3 rows: they are taken for the 3 classes that are ` +
          'asked for, in their order. Where they are others, draw a new classifier with the option ' +
          'newHead, on a command line --new-head',
      ]);
    }
  });

  it('is refused where none are asked for, and of no matter to a new head', async () => {
    await expect(load({ num_labels: 5 }, {})).rejects.toThrow(/has 5 labels .* has 3 rows; draw a/);
    const { warnings } = await load({ num_labels: 5 }, { labels: 4, newHead: true });
    expect(warnings.some((text) => text.includes('rows'))).toBe(false);
  });

  it('may say nothing of its classes', async () => {
    expect((await load({}, { labels: 3 })).warnings).toEqual([]);
  });
});

describe('a classifier that was trained for another problem', () => {
  it.each(['multi_label_classification', 'regression'])(
    'is refused where it is to be used: %s',
    async (problem) => {
      const refused = load({ problem_type: problem }, { labels: ['a', 'b', 'c'] });
      await expect(refused).rejects.toThrow(DataError);
      await expect(refused).rejects.toThrow(
        `config.json: "problem_type" is "${problem}", so that the classifier beside it is of no use ` +
          'for classification, in which each example has one class of several; draw a new classifier ' +
          'with the option newHead, on a command line --new-head',
      );
      await expect(load({ problem_type: problem }, { labels: 3 })).rejects.toThrow(DataError);
    },
  );

  it('is no matter to a head that is drawn', async () => {
    const config = { problem_type: 'multi_label_classification' };
    const { model } = await load(config, { labels: ['a', 'b'], newHead: true });
    expect(model.config.problemType).toBe('classification');
    await expect(load(config, { newHead: true })).rejects.toThrow(
      /"problem_type" is "multi_label_classification"; accepted: /,
    );
  });

  it('is taken where the problem is the same', async () => {
    const config = { problem_type: 'single_label_classification' };
    expect((await load(config, { labels: ['a', 'b', 'c'] })).warnings).toEqual([]);
  });
});
