import { expect, it } from 'vitest';
import { run } from './command.js';

it.each([
  [
    ['--priorities', 'position', '--estimator', 'rows:optimal'],
    '--priorities has no use with plan',
  ],
  [['--normalize-rows'], '--normalize-rows has no use with plan'],
])('refuses to plan with what changes no byte: %j', async (words, said) => {
  const { code, stdout, stderr } = await run('plan', ...words);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(said);
});
