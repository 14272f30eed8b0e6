import { expect, it } from 'vitest';
import { run } from './command.js';

const RANKED = ['--priorities', 'position', '--estimator', 'rows:optimal'];

it.each([
  [RANKED, '--priorities has no use with plan'],
  [['--model', 'gcn2', '--alpha', '0.2'], '--alpha has no use with plan: any factors take'],
  [['--model', 'gcn2', '--lambda', '2'], '--lambda has no use with plan: any factors take'],
  [['--normalize-rows'], '--normalize-rows has no use with plan'],
])('refuses to plan with what changes no byte: %j', async (words, said) => {
  const { code, stdout, stderr } = await run('plan', ...words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(said);
});

it('refuses ranks where a step is timed', async () => {
  const { code, stdout, stderr } = await run('step', ...RANKED);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('--priorities has no use with step: all rows are ranked alike');
});
