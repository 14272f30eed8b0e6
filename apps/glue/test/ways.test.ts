import { join } from 'node:path';
import { formatWay, parseWay, parseWays } from '@sketchgrad/bench/command-line';
import { expect, test } from 'vitest';
import { comparedWays } from '../src/compare/ways.js';
import { memoryWays } from '../src/memory/settings.js';
import { onlyJson, run } from './command.js';
import { temporaryFolder, tinyRun } from './tiny-model.js';

test.for([...comparedWays(), ...memoryWays()].map((way) => [formatWay(way), way] as const))(
  'the way %s is read as it is written',
  ([text, way]) => expect(parseWay(text)).toEqual(way),
);

test.for([
  ['dense chaep', "'chaep' in 'dense chaep' is none of"],
  ['dense cheap block', "says 'recompute' twice"],
  ['dense gelu=3 norm=8', "says 'keep' twice"],
  ['dense;dense cheap', "'dense' comes twice"],
  ['denes', 'denes'],
])('the ways %s are refused', ([text, message]) => expect(() => parseWays(text!)).toThrow(message));

test('dense-where-free keeps no more than either alone, by plan', async () => {
  const folder = temporaryFolder();
  tinyRun(folder);
  const kept = async (...words: string[]) => {
    const plan = ['plan', '--model', join(folder, 'model'), '--backend', 'reference', '--json'];
    const ended = await run(...plan, '--batch-size', '8', '--sequence', '16', ...words);
    const found = onlyJson(ended);
    return found as { keptBytes: number; denseWhereFree?: boolean };
  };
  const estimator = ['--estimator', 'rmm:count:0.2'];
  const both = await kept(...estimator, '--dense-where-free');
  expect(both.denseWhereFree).toBe(true);
  expect(both.keptBytes).toBeLessThan((await kept(...estimator)).keptBytes);
  expect(both.keptBytes).toBeLessThan((await kept()).keptBytes);
}, 60_000);

test('dense-where-free does not go with what chooses by layer', async () => {
  const { code, stderr } = await run('finetune', '--dense-where-free', '--noise-budget', '1');
  expect(code).toBe(2);
  expect(stderr).toContain('--dense-where-free');
});

test('norms in 4 bits do not go with projections made again from them', async () => {
  const { code, stderr } = await run('plan', '--keep', 'norm=4', '--recompute', 'projections');
  expect(code).toBe(2);
  expect(stderr).toContain('norm=8');
});

test('compare tells bytes, seconds and noise of each way', async () => {
  const folder = temporaryFolder();
  tinyRun(folder);
  const ended = await run(
    ...['compare', '--model', join(folder, 'model'), '--backend', 'reference', '--json'],
    ...['--task', 'cola', '--data', join(folder, 'data'), '--batch-size', '4'],
    ...['--sequence', '16', '--steps', '1', '--noise-pairs', '1', '--random-weights'],
    '--ways',
    'dense; dense block; rmm:count:0.2; quantized:mixed:3; quantized:4 dense-where-free norm=8',
  );
  expect(ended.code, ended.stderr).toBe(0);
  const { results } = onlyJson(ended) as unknown as {
    results: { way: string; keptBytes: number; addedNoise: number; relativeError: number }[];
  };
  const [dense, block, sketched, mixed, few] = results;
  expect(dense).toMatchObject({ way: 'dense', addedNoise: 0, relativeError: 0 });
  expect(block).toMatchObject({ way: 'dense block', addedNoise: 0 });
  expect(block!.keptBytes).toBeLessThan(dense!.keptBytes);
  for (const { addedNoise, relativeError } of [sketched!, mixed!, few!]) {
    expect(addedNoise).toBeGreaterThan(0);
    expect(relativeError).toBeGreaterThan(0);
  }
  expect(few!.addedNoise).toBeLessThan(sketched!.addedNoise);
}, 120_000);
