import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { MemoryRow } from '../src/memory/measure.js';
import { onlyJson, run } from './command.js';
import { temporaryFolder, tinyRun } from './tiny-model.js';

test('memory tells bytes by task and setting, against dense with nothing recomputed', async () => {
  const folder = temporaryFolder();
  tinyRun(folder);
  const model = join(folder, 'model');
  const ended = await run(
    ...['memory', '--model', model, '--data', join(folder, 'data'), '--json'],
    ...['--batch-size', '8', '--sequence', '32', '--backend', 'reference'],
  );
  expect(ended.code, ended.stderr).toBe(0);
  expect(ended.stderr).toMatch(/rte is left out: .*RTE/);
  const { rows } = onlyJson(ended) as unknown as { rows: readonly MemoryRow[] };
  expect([...new Set(rows.map(({ task }) => task))]).toEqual(['cola', null]);
  for (const task of ['cola', null]) {
    const own = rows.filter((row) => row.task === task);
    const [dense, half, , tenth] = own;
    expect(dense).toMatchObject({ estimator: 'dense', recompute: 'none', keptRatio: 1 });
    expect(dense!.extraFlops).toBe(0);
    expect(tenth).toMatchObject({ estimator: 'rmm', sketch: 'gaussian', rate: 0.1 });
    expect(tenth!.keptBytes).toBeLessThan(half!.keptBytes);
    expect(half!.keptBytes).toBeLessThan(dense!.keptBytes);
    for (const row of own) {
      expect(row.meanKeptBytes).toBeLessThanOrEqual(row.keptBytes);
      expect(row.keptRatio).toBeCloseTo(row.keptBytes / dense!.keptBytes, 12);
      expect(row.peakRatio).toBeCloseTo(row.peakBytes / dense!.peakBytes, 12);
    }
    const few = own.find(({ keep, estimator }) => keep.gelu === 3 && estimator === 'rmm')!;
    expect(few.keptBytes).toBeLessThan(own[4]!.keptBytes);
  }
}, 120_000);

test('memory takes the lengths of the dev set where there are no training examples', async () => {
  const folder = temporaryFolder();
  tinyRun(folder);
  rmSync(join(folder, 'data', 'CoLA', 'train.tsv'));
  const ended = await run(
    ...['memory', '--model', join(folder, 'model'), '--data', join(folder, 'data'), '--json'],
    ...['--tasks', 'cola', '--batch-size', '8', '--sequence', '32', '--backend', 'reference'],
  );
  expect(ended.code, ended.stderr).toBe(0);
  expect(ended.stderr).toMatch(/cola has no training examples .*dev set/);
  const { rows } = onlyJson(ended) as unknown as { rows: readonly MemoryRow[] };
  expect([...new Set(rows.map(({ split }) => split))]).toEqual(['dev', null]);
}, 120_000);

test('memory refuses a task that is asked for by name and not there', async () => {
  const folder = temporaryFolder();
  tinyRun(folder);
  const data = join(folder, 'data');
  const ended = await run('memory', '--data', data, '--tasks', 'rte,cola,mrpc');
  expect(ended).toMatchObject({ code: 2, stdout: '' });
  expect(ended.stderr).toContain(`${data} has no RTE, MRPC: leave rte, mrpc out of --tasks`);
});

test('memory knows its tasks', async () => {
  const { code, stderr } = await run('memory', '--tasks', 'coal');
  expect(code).toBe(2);
  expect(stderr).toContain("did you mean 'cola'?");
});
