import { join } from 'node:path';
import { expect, test } from 'vitest';
import { onlyJson, run } from './command.js';
import { temporaryFolder, tinyRun, writeTinyModel } from './tiny-model.js';

test('keeps a row of a last batch that is small, and refuses to keep none of any', async () => {
  const folder = temporaryFolder();
  // 33 examples in batches of 8: the last has one, of 16 tokens.
  const words = [...tinyRun(folder, 33), '--estimator', 'rmm:gaussian'];
  const kept = await run(...words, '--rate', '0.05', '--every-layer');
  expect(kept, kept.stderr).toMatchObject({ code: 0 });
  expect(onlyJson(kept)).toMatchObject({
    steps: 10,
    loss: [expect.any(Number), expect.any(Number)],
  });
  const ended = await run(...words, '--rate', '0.005', '--out', join(folder, 'out'));
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toMatch(
    /rate 0\.005 .* less than one row of every batch: the largest has 68/,
  );
  expect(ended.stderr).not.toContain('step 1/');
});

test.for(['plan', 'step', 'compare'])(
  'refuses a rate that keeps no row of what it is to %s',
  async (command) => {
    const folder = temporaryFolder();
    const model = writeTinyModel(folder);
    const shape = ['--batch-size', '2', '--sequence', '16', '--backend', 'reference'];
    const words =
      command === 'compare'
        ? ['--ways', 'dense; rmm:count:0.01', '--noise-batches', '0']
        : ['--estimator', 'rmm:count:0.01'];
    const random = command === 'plan' ? [] : ['--random-weights'];
    const ended = await run(command, '--model', model, ...random, ...shape, ...words);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(/rate 0\.01 .* the largest has 32/);
  },
);
