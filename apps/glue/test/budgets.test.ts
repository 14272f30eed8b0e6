import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { defaultCandidates, type EstimatorChoice, type LayerChoice } from '@sketchgrad/train';
import {
  buildEstimator,
  ESTIMATORS,
  formatEstimator,
  parseEstimator,
  settleEstimator,
} from '@sketchgrad/train/language';
import { describe, expect, test } from 'vitest';
import { onlyJson, run } from './command.js';
import { temporaryFolder, tinyRun } from './tiny-model.js';

test.for(defaultCandidates().map(({ name, estimator }) => [name, estimator] as const))(
  'the candidate %s is what a command line takes by that name',
  ([name, estimator]) => {
    const choice = settleEstimator(parseEstimator(name), {});
    const built = buildEstimator(choice);
    expect(built.name).toBe(estimator.name);
    expect(built.bytes([1000, 256])).toBe(estimator.bytes([1000, 256]));
    expect(formatEstimator(choice).startsWith(name)).toBe(true);
  },
);

test('every estimator is a candidate', () => {
  const names = defaultCandidates().map(({ name }) => name.split(':')[0]!);
  expect([...new Set(names)].sort()).toEqual([...ESTIMATORS].sort());
});

describe.concurrent('a budget', () => {
  test('is kept to, printed, saved, and chosen again on request', async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'out');
    const words = [...tinyRun(folder), '--recompute', 'none', '--pad-to', '16'];
    const exact = onlyJson(await run(...words));
    const rate = ['--estimator', 'rmm:count:0.2'];
    const sketched = onlyJson(await run(...words, ...rate));
    const bytes = Math.round(((exact.keptBytes as number) + (sketched.keptBytes as number)) / 2);
    const budget = ['--memory-budget', `${bytes}B`, '--budget-of', 'kept'];
    const candidates = ['--candidates', 'dense,rmm:count:0.5,rows:norm:0.2,wta-crs:0.2'];
    const ended = await run(...words, ...budget, ...candidates, '--out', out);
    expect(ended).toMatchObject({ code: 0 });
    const result = onlyJson(ended);
    expect(result).toMatchObject({ estimator: 'chosen', sketch: null, rate: null });
    expect(result.keptBytes).toBeLessThanOrEqual(bytes);
    expect(ended.stderr).toMatch(/│ encoder\.layer\.0\.output\.dense +│ \S+ +│/);
    expect(ended.stderr).toMatch(/planned peak of a step .* added variance \S+ of D²_SGD/);
    // How long it takes to choose is seen.
    expect(ended.stderr).toMatch(/^choosing estimators 0\/5 {2}measuring {2}resident .* MiB$/m);
    expect(ended.stderr).toMatch(/^choosing estimators 5\/5 {2}planning {2}resident .* MiB$/m);
    expect(ended.stderr).toMatch(
      /peak of a step .* planned, .* measured; of the whole process .* resident; .* kept for the/,
    );

    const file = join(out, 'choice.json');
    const saved = JSON.parse(readFileSync(file, 'utf8')) as EstimatorChoice;
    expect(result.choice).toEqual(saved.layers);
    expect((result.choice as LayerChoice[]).map(({ layer }) => layer)).toEqual([
      'encoder.layer.0.attention.self.query_key_value',
      'encoder.layer.0.attention.output.dense',
      'encoder.layer.0.intermediate.dense',
      'encoder.layer.0.output.dense',
      'encoder.layer.1.attention.self.key_value',
    ]);
    const again = onlyJson(await run(...words, '--choice', file));
    expect(again.loss).toEqual(result.loss);
    expect(again.choice).toEqual(result.choice);

    const planned = await run(
      ...['plan', '--model', join(folder, 'model'), '--backend', 'reference', '--json'],
      ...['--batch-size', '8', '--sequence', '16', '--recompute', 'none', '--choice', file],
    );
    const { keptBytes, choice } = onlyJson(planned);
    expect(keptBytes).toBe(result.keptBytes);
    expect(choice).toEqual(result.choice);
  });

  test('that cannot be met leaves nothing, and the least that can is said', async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'out');
    const ended = await run(...tinyRun(folder), '--memory-budget', '1kB', '--out', out);
    expect(ended).toMatchObject({ code: 2, stdout: '' });
    expect(ended.stderr).toMatch(
      /budget of 1000 B .* cannot be met: .* the least is \d.* KiB.*What takes least by plan is .* of any step/,
    );
    expect(ended.stderr).toContain('Only a smaller model can need so little');
    expect(ended.stderr).not.toContain('measuring');
    expect(existsSync(out)).toBe(false);
  });

  test('of noise is kept to', async () => {
    const ended = await run(
      ...[...tinyRun(temporaryFolder()), '--noise-budget', '0.5', '--recompute', 'none'],
      ...['--candidates', 'dense,rmm:count:0.5,rows:uniform:0.5'],
    );
    const { choice } = onlyJson(ended) as { choice: readonly LayerChoice[] };
    const total = (of: 'variance' | 'dSgd2ByExample') =>
      choice.reduce((sum, layer) => sum + layer[of], 0);
    expect(total('variance')).toBeLessThanOrEqual(0.5 * total('dSgd2ByExample'));
    expect(total('variance')).toBeGreaterThan(0);
  });
});

test('a file that is no choice is not taken for one', async () => {
  const file = join(temporaryFolder(), 'choice.json');
  const layers = [{ layer: 'a', estimator: 'rmm:cuont' }];
  for (const [text, message] of [
    ['{', 'cannot be read'],
    ['{"layers":[{}]}', 'is no choice'],
    ['null', 'is no choice'],
    ['{"layers":[null]}', 'is no choice'],
    [JSON.stringify({ layers }), "did you mean 'count'?"],
  ] as const) {
    writeFileSync(file, text);
    const ended = await run('plan', '--choice', file);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain(file);
    expect(ended.stderr).toContain(message);
  }
});

test('a choice of a model with other layers is refused by their names', async () => {
  const folder = temporaryFolder();
  const words = tinyRun(folder);
  const file = join(folder, 'choice.json');
  const own = [
    'encoder.layer.0.attention.self.query_key_value',
    'encoder.layer.0.attention.output.dense',
    'encoder.layer.0.intermediate.dense',
    'encoder.layer.0.output.dense',
  ];
  const commands = [
    words,
    ...['plan', 'step'].map((command) => [
      ...[command, '--model', join(folder, 'model'), '--backend', 'reference'],
      ...['--batch-size', '2', '--sequence', '8'],
      ...(command === 'step' ? ['--random-weights'] : []),
    ]),
  ];
  for (const [names, message] of [
    [
      [...own, 'encoder.layer.1.output.dense'],
      "has a layer 'encoder.layer.1.output.dense', which the model has not (did you mean",
    ],
    [own.slice(1), `says nothing of the model's layer '${own[0]}'`],
    [[...own, own[2]], `has the layer '${own[2]}' twice`],
  ] as const) {
    const layers = names.map((layer) => ({ layer, estimator: 'rmm:count:0.5' }));
    writeFileSync(file, JSON.stringify({ layers }));
    for (const command of commands) {
      const ended = await run(...command, '--choice', file);
      expect(ended, command[0]).toMatchObject({ code: 2, stdout: '' });
      expect(ended.stderr).toContain(`${file}: the choice ${message}`);
    }
  }
}, 120_000);
