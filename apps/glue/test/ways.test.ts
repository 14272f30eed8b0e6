import { join } from 'node:path';
import { formatWay, parseWay, parseWays } from '@sketchgrad/train/language';
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

test('a step keeps no more than a dense one unless told to, by plan, which is then noted', async () => {
  const folder = temporaryFolder();
  tinyRun(folder);
  const kept = async (...words: string[]) => {
    const plan = ['plan', '--model', join(folder, 'model'), '--backend', 'reference', '--json'];
    const ended = await run(...plan, '--batch-size', '8', '--sequence', '16', ...words);
    const { stderr } = ended;
    return { ...onlyJson(ended), stderr } as unknown as PlanJson & { readonly stderr: string };
  };
  const estimator = ['--estimator', 'rmm:count:0.9'];
  const [dense, free] = [await kept(), await kept(...estimator)];
  const every = await kept(...estimator, '--every-layer');
  // Of the four inputs of its first block only attention's output is not made again from what is kept
  // anyway, and of the last block's keys and values the norm's output is.
  expect(free).toMatchObject({ exactLayers: 4, stderr: expect.not.stringContaining('warning:') });
  expect(free).not.toHaveProperty('everyLayer');
  expect(free.keptBytes).toBeLessThan(dense.keptBytes);
  expect(every).toMatchObject({ everyLayer: true });
  expect(every).not.toHaveProperty('exactLayers');
  expect(every.keptBytes).toBeGreaterThan(dense.keptBytes);
  expect(every.stderr).toMatch(/warning: rmm:count:0.9, every layer: a step keeps .* more than/);
  const none = [...estimator, '--recompute', 'none'];
  const paper = await kept(...none);
  expect(paper).not.toHaveProperty('exactLayers');
  expect(paper.keptBytes).toBe((await kept(...none, '--every-layer')).keptBytes);
}, 60_000);

interface PlanJson {
  readonly keptBytes: number;
}

test.for([
  ['--noise-budget', '1'],
  ['--memory-budget', '1GB'],
  ['--choice', 'choice.json'],
])('every layer does not go with %s, which chooses by layer', async (words) => {
  const { code, stderr } = await run('finetune', '--every-layer', ...words);
  expect(code).toBe(2);
  expect(stderr).toContain('--every-layer');
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
    ...['--sequence', '16', '--steps', '1', '--noise-batches', '1', '--random-weights'],
    '--ways',
    'dense; dense block; rmm:count:0.2; quantized:mixed:3; quantized:4 every-layer norm=8',
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
