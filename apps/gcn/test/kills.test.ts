import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killAndResume } from '@sketchgrad/testing/kills';
import { expect, onTestFinished, test } from 'vitest';
import { CLI, writeGraph } from './command.js';

/** `pnpm kills` sets them; a few in the suite. */
const { SKETCHGRAD_KILLS = '3', SKETCHGRAD_SEED = '1' } = process.env;

/** All that a run leaves but times and sizes. */
function outcome(out: string): object {
  const { settings, result } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as {
    settings: object;
    result: Record<string, unknown>;
  };
  const { loss, metrics, bestEpoch, epochs, steps } = result;
  return { settings, loss, metrics, bestEpoch, epochs, steps, files: readdirSync(out).sort() };
}

test('a run of train killed at random moments ends bit-equal to one that was not', {
  timeout: 1_800_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sketchgrad-kills-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const kills = Number(SKETCHGRAD_KILLS);
  const report = await killAndResume({
    words: [
      ...[CLI, 'train', '--dataset', writeGraph(join(folder, 'graph')), '--threads', '2'],
      ...['--hidden', '8', '--epochs', '40', '--save-every', '1', '--batch', 'clusters:3'],
      ...['--estimator', 'quantized:mixed:3'],
    ],
    folder,
    kills,
    seed: Number(SKETCHGRAD_SEED),
    outcome,
  });
  console.log(`train: ${JSON.stringify(report)}`);
  expect(report.kills).toBe(kills);
});
