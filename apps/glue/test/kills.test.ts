import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { killAndResume } from '@sketchgrad/testing/kills';
import { expect, test } from 'vitest';
import { CLI } from './command.js';
import { temporaryFolder, tinyRun } from './tiny-model.js';

/** `pnpm kills` sets them; a few in the suite. */
const { SKETCHGRAD_KILLS = '3', SKETCHGRAD_SEED = '1' } = process.env;

/** All that a run leaves but times and sizes. */
function outcome(out: string): object {
  const { settings, result } = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')) as {
    settings: object;
    result: Record<string, unknown>;
  };
  const weights = createHash('sha256').update(readFileSync(join(out, 'model.safetensors')));
  const { loss, metrics, steps } = result;
  return {
    ...{ settings, loss, metrics, steps },
    files: readdirSync(out).sort(),
    weights: weights.digest('hex'),
  };
}

test('a run of finetune killed at random moments ends bit-equal to one that was not', {
  timeout: 1_800_000,
}, async () => {
  const folder = temporaryFolder();
  const kills = Number(SKETCHGRAD_KILLS);
  const report = await killAndResume({
    // Rows are ranked by their gradients' norms, which checkpoints have, too.
    words: [
      ...[CLI, ...tinyRun(folder, 81), '--backend', 'cpu', '--threads', '2'],
      ...['--estimator', 'quantized:mixed:3', '--save-every', '1'],
    ],
    folder,
    kills,
    seed: Number(SKETCHGRAD_SEED),
    outcome,
  });
  console.log(`finetune: ${JSON.stringify(report)}`);
  expect(report.kills).toBe(kills);
});
