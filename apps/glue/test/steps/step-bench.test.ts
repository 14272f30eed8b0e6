import { join } from 'node:path';
import { layersOfEstimator } from '@sketchgrad/bench';
import type { Backend, TensorData } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { loadClassifier } from '@sketchgrad/models/node';
import { parseWay } from '@sketchgrad/train/language';
import { expect, test } from 'vitest';
import { StepBench } from '../../src/steps/step-bench.js';
import { temporaryFolder, tinyVocabulary, writeTinyModel } from '../tiny-model.js';

const options = { batchSize: 40, sequence: 6, recompute: 'cheap', seed: 3 } as const;

/** What steps are run with, which the reference backend then runs. */
async function inputsOf(text: string, labels: readonly string[] | 'regression') {
  const seen: Readonly<Record<string, TensorData>>[] = [];
  const inner = createReferenceBackend();
  const backend: Backend = {
    ...{ name: inner.name, limits: inner.limits, dispose: () => inner.dispose() },
    createState: () => inner.createState(),
    plan: (graph, state) => inner.plan(graph, state),
    compile: async (...given: Parameters<Backend['compile']>) => {
      const executable = await inner.compile(...given);
      return Object.assign(Object.create(executable) as typeof executable, {
        run: (inputs: Readonly<Record<string, TensorData>>) => {
          seen.push(inputs);
          return executable.run(inputs);
        },
        dispose: () => executable.dispose(),
      });
    },
  };
  const folder = writeTinyModel(join(temporaryFolder(), 'model'));
  const model = await loadClassifier(folder, { labels, randomWeights: true });
  const way = parseWay(text);
  const layers = layersOfEstimator(way.estimator, model, way);
  const contender = new StepBench(model, backend, options).contender(layers, way);
  const step = await contender.prepare();
  await step.run();
  await step.run();
  await step.dispose();
  return { name: contender.name, first: seen[0]!, second: seen[1]! };
}

test('steps are on the same random words, with a key of their own', async () => {
  const { name, first, second } = await inputsOf('rmm:count:0.5 block', ['a', 'b', 'c']);
  expect(name).toBe('rmm:count:0.5 block');
  const ids = [...Object.entries(first).find(([input]) => /token|input_ids|ids/i.test(input))![1]];
  expect(ids).toHaveLength(240);
  // Of the vocabulary all but its five special tokens come.
  expect(new Set(ids)).toEqual(new Set(tinyVocabulary.map((_, id) => id).slice(5)));
  expect([...first.key!]).toEqual([3, 0]);
  expect([...second.key!]).toEqual([3, 1]);
  const labels = [...first.labels!];
  expect(labels).toHaveLength(40);
  expect(new Set(labels)).toEqual(new Set([0, 1, 2]));
  for (const input of Object.keys(first))
    if (!['key', 'settings'].includes(input)) expect(second[input], input).toEqual(first[input]);
});

test('regression is on scores of 0 to 5, and rows are ranked as if by exponential norms', async () => {
  const { first } = await inputsOf('rows:optimal:0.5 every-layer', 'regression');
  expect(new Set(first.labels)).toEqual(new Set([0, 1, 2, 3, 4, 5]));
  const ranked = Object.entries(first).filter(([input]) => input.startsWith('rowPriorities.'));
  expect(ranked.length).toBeGreaterThan(1);
  const [one, other] = ranked.map(([, norms]) => [...norms]) as [number[], number[]];
  expect(one).not.toEqual(other);
  const all = ranked.flatMap(([, norms]) => [...norms]);
  expect(Math.min(...all)).toBeGreaterThan(0);
  const mean = all.reduce((sum, norm) => sum + norm, 0) / all.length;
  // An exponential's mean and deviation are 1: four deviations of the mean of so many.
  expect(Math.abs(mean - 1)).toBeLessThan(4 / Math.sqrt(all.length));
  expect(all.filter((norm) => norm < Math.LN2).length / all.length).toBeCloseTo(0.5, 1);
});
