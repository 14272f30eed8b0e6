import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { json, run, start, writeGraph } from './command.js';

let folder: string;
let graph: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gcn-'));
  graph = writeGraph(join(folder, 'graph'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const small = (...more: string[]) => [
  ...['--dataset', graph, '--hidden', '8', '--threads', '1', '--json'],
  ...more,
];

/** A result without its times. */
/** What depends on nothing but the options: neither time nor what the process has resident. */
const numbers = ({ secondsPerEpoch: _, processPeakBytes: __, ...rest }: Record<string, unknown>) =>
  rest;

describe('train', () => {
  it.each(['gcn', 'gcn2'])('trains %s, alike for a seed', async (model) => {
    const train = () => run('train', ...small('--model', model, '--epochs', '30', '--seed', '3'));
    const result = json(await train());
    expect(result).toMatchObject({
      ...{ model, hidden: 8, backend: 'cpu', estimator: 'dense', sketch: null, rate: null },
      ...{ seed: 3, epochs: 30, steps: 30, metric: 'accuracy' },
    });
    expect(result.metrics).toMatchObject({ test: expect.any(Number), valid: expect.any(Number) });
    expect((result.metrics as { test: number }).test).toBeGreaterThan(0.7);
    expect(result.loss).toHaveLength(30);
    for (const bytes of ['plannedPeakBytes', 'measuredPeakBytes', 'processPeakBytes', 'keptBytes'])
      expect(result[bytes]).toBeGreaterThan(0);
    expect(numbers(json(await train()))).toEqual(numbers(result));
  });

  it('trains with an estimator, by parts of the graph', async () => {
    const estimator = ['--estimator', 'rmm:count:0.5', '--batch', 'clusters:4:2'];
    const result = json(await run('train', ...small('--epochs', '4', ...estimator)));
    expect(result).toMatchObject({ estimator: 'rmm', sketch: 'count', rate: 0.5, steps: 8 });
  });

  it('is stopped by a signal and goes on, to the same numbers', async () => {
    const options = small('--epochs', '200', '--model', 'gcn2', '--save-every', '25');
    const out = join(folder, 'stopped');
    const whole = json(await run('train', ...options, '--out', join(folder, 'whole')));
    const { child, ended } = start('train', ...options, '--out', out);
    const seen = setInterval(() => {
      if (!existsSync(join(out, 'checkpoints'))) return;
      clearInterval(seen);
      child.kill('SIGINT');
    }, 5);
    const { code, stderr } = await ended;
    clearInterval(seen);
    expect(stderr).toContain('the same command with --resume goes on from there');
    expect(code).toBe(130);
    const resumed = json(await run('train', ...options, '--out', out, '--resume'));
    expect(numbers(resumed)).toEqual(numbers(whole));
    expect(readdirSync(out)).toEqual(['run.json']);
    expect(json(await run('train', ...options, '--out', out, '--resume'))).toEqual(resumed);
    const again = await run('train', ...options, '--out', out);
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toContain('has run.json already');
  });
});

it('keeps what batch norms read in few bits, and knows no other norm', async () => {
  const words = ['--model', 'gcn2', '--batch-norm', '--hidden', '64'];
  const plan = async (...more: string[]) =>
    json(await run('plan', ...small(...words, ...more))).keptBytes as number;
  const [exact, few] = [await plan(), await plan('--keep', 'norm=8')];
  expect(few).toBeLessThan(exact);
  const ended = await run('train', ...small(...words, '--keep', 'norm=8'));
  const trained = json(ended);
  expect(trained).toMatchObject({ keep: { norm: 8 } });
  expect(ended.stderr).toMatch(
    /loss \d.* ETA \S+ {2}planned peak \d\S* [KM]iB {2}resident .* MiB$/m,
  );
  const refused = await run('plan', ...small('--keep', 'gelu=3'));
  expect(refused).toMatchObject({ code: 2 });
  expect(refused.stderr).toContain("'gelu' is none of norm");
});

it('plans a step: what a sketch keeps is less', async () => {
  const plan = async (...more: string[]) => json(await run('plan', ...small(...more)));
  const dense = await plan();
  expect(dense).toMatchObject({ nodes: 60, rows: 30, estimator: 'dense', clustersNeeded: false });
  const sketched = await plan('--estimator', 'rmm:gaussian:0.1');
  expect(sketched.keptBytes).toBeLessThan(dense.keptBytes as number);
});

it('times steps in turns', async () => {
  const options = small('--estimator', 'dense,rows:norm:0.5', '--steps', '2', '--model', 'gcn2');
  const { results } = json(await run('step', ...options)) as { results: unknown[] };
  expect(results).toHaveLength(2);
  expect(results[1]).toMatchObject({
    ...{ estimator: 'rows', rate: 0.5, keptBytes: expect.any(Number) },
    secondsPerStep: { median: expect.any(Number) },
  });
});

it('compares whole ways, with what their linear layers keep', async () => {
  const words = ['--model', 'gcn2', '--batch-norm', '--hidden', '64', '--epochs', '2'];
  const ways = [...['--ways', 'dense; quantized:2 norm=8; dense block'], ...['--seeds', '1']];
  const { rows } = json(await run('table', ...small(...words, ...ways))) as {
    rows: { way: string; keptBytes: number; linearKeptBytes: number }[];
  };
  expect(rows.map(({ way }) => way)).toEqual(['dense', 'quantized:2 norm=8', 'dense block']);
  const [dense, few] = rows as [(typeof rows)[0], (typeof rows)[0]];
  // Two of 60 nodes' sums and the input of the last layer, each 64 wide; the first reads what is given.
  expect(dense.linearKeptBytes % (60 * 64 * 4)).toBe(0);
  expect(few.linearKeptBytes).toBeLessThan(dense.linearKeptBytes / 6);
  expect(few.keptBytes).toBeLessThan(dense.keptBytes / 3);
  const timed = json(await run('step', ...small(...words.slice(0, 5), ...ways.slice(0, 2))));
  expect(timed.results).toMatchObject([
    { way: 'dense', keep: {}, recompute: 'cheap' },
    {
      ...{ way: 'quantized:2 norm=8', estimator: 'quantized', bits: 2 },
      ...{ keep: { norm: 8 }, exactLayers: 1 },
    },
    { way: 'dense block', recompute: 'block' },
  ]);
  const refused = await run('step', ...small('--ways', 'dense; dense gelu=3'));
  expect(refused).toMatchObject({ code: 2, stdout: '' });
  expect(refused.stderr).toContain("'gelu' is none of norm");
});

it('has exact gradients where features are there anyway', async () => {
  const kept = async (...more: string[]) => {
    const words = ['--model', 'gcn2', '--batch-norm', '--hidden', '64', '--epochs', '1'];
    return json(await run('train', ...small(...words, ...more))).linearKeptBytes as number;
  };
  const estimator = ['--estimator', 'quantized:8'];
  const [free, all] = [await kept(...estimator), await kept(...estimator, '--every-layer')];
  // Nothing is dropped before the first layer: of 60 nodes' features a word of codes and a range each.
  expect(all - free).toBeGreaterThanOrEqual(60 * 2 * 4);
});

it('takes the same settings by name and by folder, and says which', async () => {
  // Features that have a sum to be divided by.
  const features = Array.from({ length: 60 }, (_, node) =>
    [0, 1, 2, 3].map((i) => Number(i === node % 3) + (node % 5) * Number(i === 3)).join(),
  );
  const counts = { 'raw/node-feat.csv.gz': `${features.join('\n')}\n` };
  const root = join(folder, 'named');
  const cora = writeGraph(join(root, 'Cora'), counts);
  const other = writeGraph(join(root, 'other'), counts);
  const train = async (...words: string[]) => {
    const options = ['--epochs', '6', '--threads', '1', '--json'];
    const ended = await run('train', ...options, ...words);
    const { dataset: _, settings, ...result } = numbers(json(ended));
    return { result, settings, said: /^settings: .*$/m.exec(ended.stderr)?.[0] };
  };
  const named = await train('--dataset', 'cora', '--data', root);
  expect(await train('--dataset', cora)).toEqual(named);
  expect(named.settings).toMatchObject({ published: 'cora', normalizeRows: true, penalty: 5e-4 });
  expect(named.said).toBe(
    'settings: those published for cora, but for what options say; ' +
      "features divided by their rows' sums; L2 penalty 0.0005 of the first layer; dropout 0.5; " +
      'learning rate 0.01; 6 epochs at most; the epoch of the best score on valid',
  );
  const usual = await train('--dataset', other);
  expect(usual.said).toContain("the usual ones, since none are published for 'other'; features as");
  const asPublished = ['--hidden', '16', '--dropout', '0.5', '--no-batch-norm'];
  const words = [...asPublished, '--drop-input', '--normalize-rows', '--penalty', '0.0005'];
  const byHand = await train('--dataset', other, ...words);
  expect(byHand.settings).toEqual({ ...(named.settings as object), published: null });
  expect(byHand.result.loss).toEqual(named.result.loss);
  const loss = async (...more: string[]) =>
    (await train('--dataset', cora, ...more)).result.loss as number[];
  expect(await loss('--no-normalize-rows')).not.toEqual(named.result.loss);
  expect(await loss('--penalty', '0')).not.toEqual(named.result.loss);
  const negative = await run('train', ...small('--normalize-rows'));
  expect(negative).toMatchObject({ code: 2, stdout: '' });
  expect(negative.stderr).toMatch(/--normalize-rows divides counts .* has the feature -/);
  const gcn2 = ['--model', 'gcn2', '--layers', '2'];
  expect(await loss(...gcn2, '--convolution-penalty', '0')).not.toEqual(await loss(...gcn2));
}, 60_000);

it('has all that it can download by its name, and says one epoch where it is one', async () => {
  const root = join(folder, 'downloaded');
  const products = writeGraph(join(root, 'ogbn_products'));
  renameSync(join(products, 'split/half'), join(products, 'split/sales_ranking'));
  const words = ['--dataset', 'ogbn-products', '--data', root, '--download', '--epochs', '1'];
  const ended = await run('train', ...words, '--threads', '1');
  expect(ended).toMatchObject({ code: 0 });
  expect(ended.stderr).toMatch(/none are published for 'ogbn-products'; .*; 1 epoch at most;/);
  expect(ended.stdout).toMatch(/^1 epoch of /m);
});

it('warns of a step that keeps more than with exact gradients', async () => {
  const words = small('--estimator', 'rmm:count:1', '--every-layer');
  for (const [command, ...more] of [['plan'], ['step', '--steps', '1'], ['train', '--epochs', '1']])
    expect((await run(command!, ...words, ...more)).stderr, command).toMatch(
      /^warning: .*keeps .* more than/m,
    );
});

it('makes a table, and repeats no run that is finished', async () => {
  const out = join(folder, 'table');
  const options = small('--estimator', 'dense,rmm:count:0.5', '--epochs', '5', '--out', out);
  const table = json(await run('table', ...options, '--seeds', '2'));
  expect(table.rows).toMatchObject([
    { way: 'dense', runs: 2, mean: expect.any(Number), deviation: expect.any(Number) },
    { way: 'rmm:count:0.5', runs: 2 },
  ]);
  rmSync(join(out, 'dense-seed-1'), { recursive: true });
  const resumed = await run('table', ...options, '--seeds', '2', '--resume');
  expect(resumed.stderr.match(/is finished/g)).toHaveLength(3);
  const rows = ({ rows: found }: Record<string, unknown>) =>
    (found as { mean: number; deviation: number }[]).map(({ mean, deviation }) => [
      mean,
      deviation,
    ]);
  expect(rows(json(resumed))).toEqual(rows(table));
});

it('refuses a folder in which another run is going on', async () => {
  const out = join(folder, 'taken');
  const options = small('--epochs', '100000', '--out', out);
  for (const command of ['table', 'train']) {
    const { child, ended } = start(command, ...options);
    while (!existsSync(join(out, '.lock')) && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5));
    const second = await start(command, ...options, '--resume').ended;
    expect(second).toMatchObject({ code: 2, stdout: '' });
    expect(second.stderr).toMatch(
      new RegExp(`error: ${out} is in use by another run \\(process ${child.pid} `),
    );
    child.kill('SIGKILL');
    await ended;
    rmSync(out, { recursive: true });
  }
});

it.each(['train', 'plan', 'step'])(
  'refuses to %s with a rate that keeps no row',
  async (command) => {
    const { code, stderr } = await run(command, ...small('--estimator', 'rmm:count:0.01'));
    expect(code).toBe(2);
    expect(stderr).toContain('keeps less than one row of every batch: the largest has 60');
  },
);

describe('refuses', () => {
  it.each([
    [['--dataset', 'coar'], "'coar' is none of wordnet", "did you mean 'cora'"],
    [['--dataset', 'cora'], 'the data set cora needs --data', 'the folder'],
    [['--estimator', 'rmm:gausian:0.1'], "'gausian' is none of", "did you mean 'gaussian'"],
    [['--dropout', '1'], 'at least 0 and below 1', '--dropout'],
    [['--dataset', 'coraa', '--data', 'x'], "'coraa' is none of", "did you mean 'cora'"],
    [
      ['--dataset', 'cora', '--data', 'x', '--download'],
      '--download can fetch ogbn-arxiv, ogbn-products; cora has to be in --data',
    ],
    [['--estimator', 'dense,rmm'], "'dense,rmm'", 'one estimator', 'step, take several'],
    [['--batch', 'clusters:2:3'], '3 parts in a step are more than the 2 parts'],
    [['--batch', 'clusters:0'], "'clusters:0' is neither full nor clusters", 'PARTS'],
    [['--alpha', '0.5'], '--alpha is of gcn2 alone', '--model gcn2'],
    [['--convolution-penalty', '0'], '--convolution-penalty is of gcn2 alone', 'leave it out'],
    [['--penalty', '-1'], 'at least 0', '--penalty'],
    [['--data', 'x'], '--data has no use with the data set wordnet', 'add --dataset'],
    [['--dataset', '.', '--data', 'x'], '--data has no use with a folder as --dataset', 'cora'],
    [['--save-every', '5'], '--save-every has no use without --out', 'checkpoints'],
    [['--out', ''], '--out is empty: --out <dir> takes a text', '--out'],
    [['--rate', '0.4'], '--rate has no use with dense: rmm, rows', 'rmm-quantized take it'],
    [['--every-layer'], '--every-layer has no use with dense', 'exact in every layer anyway'],
    [['--no-batch-norm', '--keep', 'norm=8'], 'has no batch norm', 'add --batch-norm'],
    [['--resume'], '--resume needs --out', 'folder'],
    [['--layers', '1', '--batch-norm'], '--batch-norm has no use with --layers 1', 'between'],
    [['--layers', '1', '--residual'], '--residual has no use with --layers 1', 'between'],
    [['--layers', '1', '--keep', 'norm=8'], 'has no batch norm; leave it out\n', 'nothing to keep'],
    [['--dropout', '0', '--drop-input'], '--drop-input has no use with --dropout 0', 'dropped'],
    [['--residual', '--no-residual'], '--residual and --no-residual say the contrary', 'leave one'],
    [['--no-batch-norm', '--batch-norm'], '--batch-norm and --no-batch-norm say', 'contrary'],
  ])('%j', async (args, ...expected) => {
    const { code, stdout, stderr } = await run('train', ...args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    for (const text of expected) expect(stderr).toContain(text);
  });

  it('a node in two splits, with file and line, and writes nothing', async () => {
    const wrong = writeGraph(join(folder, 'wrong'), { 'split/half/test.csv.gz': '45\n0\n' });
    const out = join(folder, 'never');
    const { code, stdout, stderr } = await run('train', '--dataset', wrong, '--out', out);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/test\.csv\.gz:2|test\.csv\.gz.*line 2/);
    expect(existsSync(out)).toBe(false);
  });
});
