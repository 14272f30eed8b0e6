import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { onlyJson, run } from './command.js';
import { temporaryFolder, tinyRun, writeMnli, writeTinyModel } from './tiny-model.js';

const FINETUNE_KEYS = [
  ...[
    'task',
    'model',
    'backend',
    'estimator',
    'sketch',
    'rate',
    'exactLayers',
    'keep',
    'seed',
    'steps',
    'metrics',
  ],
  ...[
    'loss',
    'secondsPerStep',
    'meanSecondsPerStep',
    'plannedPeakBytes',
    'measuredPeakBytes',
    'processPeakBytes',
    'keptBytes',
    'executables',
    'emptyRows',
  ],
];

describe.concurrent('finetune', () => {
  test.for(['cpu', 'reference', 'tfjs:wasm'])('trains, scores and saves on %s', async (backend) => {
    const folder = temporaryFolder();
    const out = join(folder, 'out');
    const sketched = ['--estimator', 'rmm', '--sketch', 'rademacher', '--rate', '0.5'];
    const ended = await run(
      ...tinyRun(folder),
      ...['--backend', backend, '--out', out, ...sketched],
      // The reference has none to set.
      ...(backend === 'cpu' ? ['--threads', '1'] : []),
    );
    expect(ended).toMatchObject({ code: 0 });
    const result = onlyJson(ended);
    expect(Object.keys(result).sort()).toEqual([...FINETUNE_KEYS].sort());
    expect(result).toMatchObject({
      task: 'cola',
      backend,
      estimator: 'rmm',
      sketch: 'rademacher',
      rate: 0.5,
      exactLayers: 4,
      seed: 0,
      steps: 12,
    });
    expect(Object.keys(result.metrics as object)).toEqual(['matthews']);
    const loss = result.loss as number[];
    expect(loss).toHaveLength(2);
    expect(loss[1]).toBeLessThan(loss[0]!);
    expect(result.measuredPeakBytes).toBe(result.plannedPeakBytes);
    expect(result.processPeakBytes).toBeGreaterThan(result.plannedPeakBytes as number);
    expect(readdirSync(out).sort()).toEqual([
      'config.json',
      'model.safetensors',
      'run.json',
      'vocab.txt',
    ]);
    expect(JSON.parse(readFileSync(join(out, 'run.json'), 'utf8')).result).toEqual(result);

    // What was saved can be trained further, its classifier included.
    const again = await run(
      ...tinyRun(folder).filter((word) => word !== '--random-weights'),
      '--model',
      out,
    );
    expect((onlyJson(again).loss as number[])[0]).toBeLessThan(loss[0]!);
  });

  test('says for people what it found when no JSON is asked for', async () => {
    const words = tinyRun(temporaryFolder()).filter((word) => word !== '--json');
    const { code, stdout, stderr } = await run(...words);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^cola, .*, dense, backend reference: matthews -?\d\.\d{4}$/m);
    expect(stderr).toMatch(
      /^step 12\/12 {2}epoch 2\/2 {2}loss \d.* ETA 0:00 {2}planned peak \d\S* [KM]iB {2}resident .* MiB$/m,
    );
    expect(stderr).toMatch(/^epoch 1\/2: mean loss /m);
  });

  test('scores MNLI on both sets, and predicts the diagnostic one', async () => {
    const folder = temporaryFolder();
    const data = writeMnli(join(folder, 'data'));
    const model = writeTinyModel(join(folder, 'model'));
    const out = join(folder, 'out');
    const ended = await run(
      ...['finetune', '--task', 'ax', '--data', data, '--model', model, '--random-weights'],
      ...['--backend', 'reference', '--epochs', '1', '--sequence', '32', '--out', out, '--json'],
    );
    const { metrics } = onlyJson(ended);
    expect(Object.keys(metrics as object)).toEqual(['accuracy', 'accuracy_mismatched']);
    const lines = readFileSync(join(out, 'AX.tsv'), 'utf8').split('\n');
    expect(lines[0]).toBe('index\tprediction');
    expect(lines.slice(1, -1)).toHaveLength(4);
    for (const [index, line] of lines.slice(1, -1).entries())
      expect(line).toMatch(new RegExp(`^${index}\t(entailment|neutral|contradiction)$`));
  });

  test('scores the diagnostic set where it has labels', async () => {
    const folder = temporaryFolder();
    const data = writeMnli(join(folder, 'data'), { diagnosticLabels: true });
    const model = writeTinyModel(join(folder, 'model'));
    const ended = await run(
      ...['finetune', '--task', 'ax', '--data', data, '--model', model, '--random-weights'],
      ...['--backend', 'reference', '--epochs', '1', '--out', join(folder, 'out'), '--json'],
      ...['--max-examples', '8', '--max-dev-examples', '2', '--sequence', '32'],
    );
    const { metrics, steps } = onlyJson(ended);
    expect(steps).toBe(1);
    expect(Object.keys(metrics as object)).toEqual(['accuracy', 'accuracy_mismatched', 'matthews']);
  });
});

describe.concurrent('step', () => {
  test('compares estimators', async () => {
    const model = writeTinyModel(join(temporaryFolder(), 'model'));
    const ended = await run(
      ...['step', '--model', model, '--random-weights', '--batch-size', '3', '--sequence', '8'],
      ...['--estimator', 'dense,rmm', '--rate', '0.25', '--steps', '2', '--threads', '1', '--json'],
    );
    expect(ended).toMatchObject({ code: 0 });
    const { results, ...shared } = onlyJson(ended);
    expect(shared).toEqual({ model, backend: 'cpu', batchSize: 3, sequence: 8, keep: {} });
    expect(results).toMatchObject([
      { estimator: 'dense', sketch: null, rate: null },
      { estimator: 'rmm', sketch: 'gaussian', rate: 0.25 },
    ]);
    for (const result of results as Record<string, unknown>[]) {
      const { secondsPerStep, time, residentPeakBytes, ...bytes } = result;
      const { min, median, max, ...others } = secondsPerStep as Record<string, number>;
      expect(others).toEqual({});
      expect(0 < min! && min! <= median! && median! <= max!).toBe(true);
      const shares = Object.values(time as Record<string, number>);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
      expect(residentPeakBytes).toBeTypeOf('number');
      expect(bytes.measuredPeakBytes).toBe(bytes.plannedPeakBytes);
      expect(bytes.keptBytes).toBeGreaterThan(0);
    }
  });

  test('shows people a table', async () => {
    const model = writeTinyModel(join(temporaryFolder(), 'model'));
    const { stdout } = await run(
      ...['step', '--model', model, '--random-weights', '--backend', 'reference'],
      ...['--batch-size', '3', '--sequence', '8', '--steps', '1'],
    );
    expect(stdout).toMatch(/│ dense +│ +\d+\.\d{3} \(/);
    expect(stdout).toMatch(/^time of dense: \w+ \d+\.\d %/m);
  });
});

describe.concurrent('plan', () => {
  test('tells where the bytes go, without weights', async () => {
    const ended = await run(
      ...['plan', '--model', 'roberta-base', '--batch-size', '128', '--sequence', '128', '--json'],
    );
    expect(ended).toMatchObject({ code: 0 });
    const { categories, peakBytes, arenaBytes, largestLiveBytes, keptBytes, hostBytes, ...shared } =
      onlyJson(ended);
    expect(shared).toEqual({
      model: 'roberta-base',
      batchSize: 128,
      sequence: 128,
      estimator: 'dense',
      sketch: null,
      rate: null,
      keep: {},
    });
    const parts = categories as Record<string, number>;
    // 124 647 170 parameters of roberta-base with two labels, 4 bytes each and two moments.
    expect(parts.parameters).toBeGreaterThanOrEqual(4 * 124_647_170);
    expect(parts.optimizer).toBe(2 * parts.parameters!);
    expect(parts.kept).toBeGreaterThan(2 ** 30);
    expect(parts.workspace).toBeGreaterThan(0);
    const persistent = parts.parameters! + parts.optimizer!;
    expect(peakBytes).toBe(persistent + (arenaBytes as number) + (hostBytes as number));
    expect(Object.values(parts).reduce((sum, bytes) => sum + bytes, 0)).toBe(
      persistent + (largestLiveBytes as number),
    );
    expect(peakBytes).toBeLessThanOrEqual(8 * 2 ** 30);
    expect(keptBytes).toBeTypeOf('number');
  });

  test('shows people the plan', async () => {
    const { code, stdout } = await run('plan', '--model', 'bert-base', '--backend', 'reference');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^bert-base, 16 × 128 tokens, dense, recompute cheap/);
    expect(stdout).toMatch(/^kept for the backward pass: /m);
  });
});

test('the version is that of the package', async () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  expect(await run('--version')).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
});

test('help is no failure', async () => {
  const { code, stdout, stderr } = await run('finetune', '--help');
  expect(code).toBe(0);
  expect(stderr).toBe('');
  for (const name of ['--task', '--data', '--out', '--resume', '--rate', '--json'])
    expect(stdout).toContain(name);
});
