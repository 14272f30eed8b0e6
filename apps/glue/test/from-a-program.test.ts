import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fineTuneOnTask, type RunProgress, type TaskRunSettings } from '@sketchgrad/bench/node';
import { UsageError } from '@sketchgrad/core';
import { InterruptedError } from '@sketchgrad/train';
import { parseEstimator } from '@sketchgrad/train/language';
import { expect, test } from 'vitest';
import { onlyJson, run } from './command.js';
import { temporaryFolder, tinyRun } from './tiny-model.js';

const estimator = parseEstimator('rmm:count:0.5');

/** The same run, as settings and as words. */
function tiny() {
  const folder = temporaryFolder();
  const words = [...tinyRun(folder), '--estimator', 'rmm:count:0.5'];
  const settings: Partial<TaskRunSettings> = { ...settingsOf(words), estimator };
  return { folder, words, settings };
}

function settingsOf(words: readonly string[]): Record<string, unknown> {
  const told: Record<string, unknown> = {};
  for (const [at, word] of words.entries()) {
    if (!word.startsWith('--') || word === '--json') continue;
    const name = word.slice(2).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
    const value = words[at + 1];
    if (value === undefined || value.startsWith('--')) told[name] = true;
    else told[name] = Number.isNaN(Number(value)) ? value : Number(value);
  }
  return told;
}

test('a run that a program starts has the numbers of the command line', async () => {
  const { words, settings } = tiny();
  const shown: number[] = [];
  const notes: string[] = [];
  const progress: RunProgress = {
    count: () => undefined,
    show: (done) => void shown.push(done),
    note: (text) => void notes.push(text),
    end: () => undefined,
  };
  const result = await fineTuneOnTask(settings, { progress });
  const typed = onlyJson(await run(...words));
  expect(result.loss).toEqual(typed.loss);
  expect(result.metrics).toEqual(typed.metrics);
  expect(shown.at(-1)).toBe(result.steps);
  expect(notes.some((note) => /^epoch 1\/\d+: mean loss/.test(note))).toBe(true);
});

test('it goes on in its folder, and is told once it is finished', async () => {
  const { folder, settings } = tiny();
  const out = join(folder, 'out');
  const stop = new AbortController();
  const progress: RunProgress = {
    ...{ count: () => undefined, note: () => undefined, end: () => undefined },
    show: () => stop.abort(),
  };
  const claimSignal = () => stop.signal;
  const stopped = fineTuneOnTask({ ...settings, out }, { progress, claimSignal });
  await expect(stopped).rejects.toBeInstanceOf(InterruptedError);
  const resumed = await fineTuneOnTask({ ...settings, out, resume: true });
  expect(resumed.loss).toEqual((await fineTuneOnTask(settings)).loss);
  expect(existsSync(join(out, 'model.safetensors'))).toBe(true);
  expect(await fineTuneOnTask({ ...settings, out, resume: true })).toEqual(resumed);
});

test('settings that there are not, or that exclude each other, are refused', async () => {
  const { settings } = tiny();
  for (const [wrong, said] of [
    [{ ...settings, epoch: 3 }, "no option 'epoch' (did you mean 'epochs'?)"],
    [{ ...settings, resume: true }, '--resume needs --out'],
    [{ ...settings, task: 'ax' }, 'the task ax needs --out'],
    [{ ...settings, choice: 'a.json', noiseBudget: 1 }, 'choice and noiseBudget exclude'],
    [{ ...settings, memoryBudget: 1e9, everyLayer: true }, 'memoryBudget and everyLayer exclude'],
    [undefined, 'takes its options as an object'],
  ] as const) {
    const refused = fineTuneOnTask(wrong as never);
    await expect(refused).rejects.toBeInstanceOf(UsageError);
    await expect(refused).rejects.toThrow(said);
  }
});
