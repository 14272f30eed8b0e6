import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
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
  await expectRefused(words(100_000), 'inputs.data (', '60 nodes, ');
}, 60_000);

it('tells a finished run only where its data are the same', async () => {
  const result = json(await run(...words(2)));
  expect(json(await run(...words(2), '--resume'))).toEqual(result);
  changeData();
  await expectRefused(words(2), 'is finished, and was one with other settings: inputs.data (');
}, 60_000);

/** The options with another folder as the data set. */
const from = (dataset: string, options: readonly string[]) => {
  const own = [...options];
  own[own.indexOf('--dataset') + 1] = dataset;
  return own;
};

it('finds a finished run again wherever its data lie and however it is typed', async () => {
  const result = json(await run(...words(2, '--estimator', 'rmm:count:0.5')));
  const copy = join(folder, 'other-name');
  cpSync(join(folder, 'graph'), copy, { recursive: true });
  const typed = ['rmm:rate=0.5:count', 'rmm:count --rate 0.5', 'rmm --sketch count --rate 0.5'];
  for (const estimator of typed)
    expect(
      json(await run(...from(copy, words(2)), '--resume', '--estimator', ...estimator.split(' '))),
    ).toEqual(result);
  // What is said is what would be anyway.
  const usual = ['--alpha', '0.5', '--lambda', '1', '--dropout', '0.1', '--batch-norm'];
  const same = words(2, '--estimator', 'rmm:count:0.5', '--penalty', '0', ...usual, '--resume');
  expect(json(await run(...same))).toEqual(result);
  await expectRefused(
    words(3, '--estimator', 'rmm:count:0.4', '--alpha', '0.4'),
    'alpha (0.5 there, 0.4 here)',
    'epochs (2 there, 3 here)',
    'estimator (rmm:count:0.5 there, rmm:count:0.4 here)',
  );
}, 60_000);

it('knows the data of a stopped run by their content, under another name', async () => {
  const { child, ended } = start(...words(100_000));
  while (!existsSync(join(folder, 'out/checkpoints'))) await new Promise((go) => setTimeout(go, 5));
  child.kill('SIGINT');
  await ended;
  const copy = join(folder, 'other-name');
  cpSync(join(folder, 'graph'), copy, { recursive: true });
  const other = from(copy, words(100_000, '--dropout', '0.25'));
  await expectRefused(other, 'other settings: model.dropout (0.1 there, 0.25 here). Resume');
}, 60_000);

it('tells a finished run from one whose split has another border', async () => {
  const options = words(2);
  json(await run(...options));
  // Node 29 goes from train to valid: all that there is stays in its order.
  const numbers = (first: number, last: number) =>
    Array.from({ length: last - first }, (_, i) => `${first + i}\n`).join('');
  const split = join(folder, 'graph/split/half');
  writeFileSync(join(split, 'train.csv.gz'), gzipSync(numbers(0, 29)));
  writeFileSync(join(split, 'valid.csv.gz'), gzipSync(numbers(29, 45)));
  await expectRefused(options, 'inputs.data (60 nodes, ');
}, 60_000);

it('has a table find its finished runs however they are typed, and refuses a folder of other things', async () => {
  const out = join(folder, 'table');
  const table = (ways: string, ...more: string[]) =>
    from(join(folder, 'graph'), [
      ...['table', '--dataset', '', '--hidden', '4', '--layers', '2', '--epochs', '2', '--json'],
      ...['--threads', '1', '--seeds', '1', '--out', out, '--ways', ways, ...more],
    ]);
  mkdirSync(out);
  writeFileSync(join(out, 'notes.txt'), '');
  await expectRefused(table('dense'), `${out} has nothing of a run to resume`);
  expect(readdirSync(out)).toEqual(['notes.txt']);
  rmSync(out, { recursive: true });
  json(await run(...table('dense; rmm:0.5; exact:2')));
  const ways = 'dense; rmm:rate=0.5; exact:2:group=128; rmm:count:0.5';
  const again = await run(...table(ways, '--resume'));
  expect(json(again).rows).toHaveLength(4);
  expect(again.stderr.match(/ is finished$/gm)).toHaveLength(3);
}, 60_000);
