import type { ProbeRecord } from '@sketchgrad/train';
import { describe, expect, test } from 'vitest';
import { type Ended, run } from './command.js';
import { temporaryFolder, tinyRun } from './tiny-model.js';

/** The same tiny run, 12 steps, with its layers observed. */
const tinyVariance = (...more: readonly string[]): Promise<Ended> =>
  run('variance', ...tinyRun(temporaryFolder()).slice(1), ...more);

const KEYS = [
  ...[
    'step',
    'layer',
    'dSgd2',
    'dSgd2ByExample',
    'dRmm2Published',
    'dRmm2',
    'dRmm2Error',
    'dRmm2Measured',
  ],
  ...['alpha', 'ratio'],
  ...['boundPublished', 'boundCorrected', 'holds'],
];

function records({ stdout }: Ended): ProbeRecord[] {
  const lines = stdout.split('\n');
  expect(lines.pop()).toBe('');
  return lines.map((line) => JSON.parse(line) as ProbeRecord);
}

describe.concurrent('variance', () => {
  test('prints a line of JSON for each step, alone on standard output', async () => {
    const ended = await tinyVariance();
    expect(ended.code).toBe(0);
    const found = records(ended);
    // 7/12 of two blocks.
    expect(found.map(({ step, layer }) => `${step} ${layer}`)).toEqual(
      Array.from({ length: 12 }, (_, index) => `${index + 1} encoder.layer.1.output.dense`),
    );
    for (const record of found) {
      expect(Object.keys(record)).toEqual(KEYS);
      // Half of the rows, by Gaussian sketches: the paper's.
      expect(record.dRmm2).toBeGreaterThan(record.dRmm2Published);
      expect(record.dRmm2Measured).toBeGreaterThan(0);
      expect(record.holds).toBe(record.ratio! <= record.boundPublished!);
    }
    expect(ended.stderr).toContain('D²_RMM of rmm:gaussian:0.5');
    expect(ended.stderr).toMatch(/^step 12\/12 {2}loss/m);
    const mean = (of: 'dSgd2' | 'dRmm2') =>
      (found.reduce((sum, record) => sum + record[of], 0) / 12).toPrecision(3);
    const held = found.filter(({ holds }) => holds).length;
    expect(ended.stderr).toContain(
      `encoder.layer.1.output.dense: mean D²_SGD ${mean('dSgd2')}, mean D²_RMM ${mean('dRmm2')}; ` +
        `the published bound held at ${held} of 12 steps\n`,
    );
  });

  test('looks at the layers and steps that it is told to, with any estimator', async () => {
    const layers = 'encoder.layer.0.intermediate.dense,encoder.layer.0.attention.output.dense';
    const ended = await tinyVariance(
      ...['--layers', layers, '--every', '2', '--steps', '5', '--measured', '0'],
      ...['--estimator', 'rows:norm:0.25', '--trained', 'rmm:count:0.5'],
    );
    expect(ended).toMatchObject({ code: 0 });
    const found = records(ended);
    expect(found.map(({ step, layer }) => `${step} ${layer}`)).toEqual(
      [1, 3, 5].flatMap((step) => layers.split(',').map((layer) => `${step} ${layer}`)),
    );
    for (const record of found) {
      expect(record.dRmm2Measured).toBeNull();
      // The published formula is that of rows drawn by norm; p counts bytes, and each row of 8
      // features has its index with it.
      expect(record.dRmm2 / record.dRmm2Published).toBeCloseTo(9 / 8, 10);
    }
  });

  test('says which layers there are where one is not', async () => {
    const { code, stdout, stderr } = await tinyVariance('--layers', 'encoder.layer.0.ouput.dense');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/no layer 'encoder.layer.0.ouput.dense'.* encoder.layer.0.output.dense/);
  });

  test('refuses what it cannot do', async () => {
    const cases = [
      ['--every', '0'],
      ['--measured', '0.5'],
    ];
    for (const words of cases) {
      const { code, stdout, stderr } = await run('variance', ...words);
      expect({ code, stdout }, words.join(' ')).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain(words[0]);
    }
  });
});
