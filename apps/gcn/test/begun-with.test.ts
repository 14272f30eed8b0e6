import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { json, run, start, writeGraph } from './command.js';

let folder: string;
let words: (epochs: number, ...more: string[]) => string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'gcn-'));
  const graph = writeGraph(join(folder, 'graph'));
  words = (epochs, ...more) => [
    ...['train', '--dataset', graph, '--model', 'gcn2', '--layers', '2', '--hidden', '4'],
    ...['--threads', '1', '--json', '--epochs', `${epochs}`, '--save-every', '1'],
    ...['--out', join(folder, 'out'), ...more],
  ];
});
afterEach(() => rmSync(folder, { recursive: true }));

/** One label is another class. */
const changeData = () =>
  writeFileSync(
    join(folder, 'graph/raw/node-label.csv.gz'),
    gzipSync(Array.from({ length: 60 }, (_, node) => `${node === 40 ? 2 : node % 3}\n`).join('')),
  );

async function expectRefused(command: readonly string[], ...said: string[]): Promise<void> {
  const { code, stdout, stderr } = await run(...command, '--resume');
  expect({ code, stdout }, stderr).toEqual({ code: 2, stdout: '' });
  for (const text of said) expect(stderr).toContain(text);
}

it('continues a run only with its network and its data', async () => {
  const { child, ended } = start(...words(100_000));
  const first = join(folder, 'out/checkpoints/step-000000001.checkpoint');
  const seen = join(folder, 'out/checkpoints');
  while (!existsSync(first) && !existsSync(seen)) await new Promise((go) => setTimeout(go, 5));
  child.kill('SIGINT');
  await ended;
  for (const [option, value, said] of [
    ['--dropout', '0.25', 'model.dropout (0.1 there, 0.25 here)'],
    ['--alpha', '0.4', 'model.alpha (0.5 there, 0.4 here)'],
    ['--hidden', '5', 'model.hidden (4 there, 5 here)'],
    ['--lambda', '2', 'model.lambda ('],
    ['--no-residual', '', 'model.residual ('],
  ] as const)
    await expectRefused(words(100_000, option, ...(value ? [value] : [])), said);
  changeData();
  await expectRefused(words(100_000), 'inputs.data (', 'graph: 60 nodes');
}, 60_000);

it('tells a finished run only where its data are the same', async () => {
  const result = json(await run(...words(2)));
  expect(json(await run(...words(2), '--resume'))).toEqual(result);
  changeData();
  await expectRefused(words(2), 'is finished, and was one with other settings: inputs.data (');
}, 60_000);
