import { expect, it } from 'vitest';
import { openTests } from '../../src/browser/tests-in-page.js';

it('tells tests by name, and why they fail', async () => {
  const tests = await openTests(new URL('./faulty-tests.ts', import.meta.url));
  let closed: Promise<void> | undefined;
  try {
    expect(tests.names).toEqual([
      ...['outer > passes', 'outer > inner > is wrong', 'outer > inner > is refused', 'comes last'],
      ...['without its ground > cannot run', 'without its ground > cannot either'],
    ]);
    await tests.run(0);
    await expect(tests.run(1)).rejects.toThrow(/the sums: expected .* to deeply equal/);
    await expect(tests.run(2)).rejects.toThrow(/promise resolved "3" instead of rejecting/);
    await tests.run(3);
    for (const number of [4, 5]) await expect(tests.run(number)).rejects.toThrow('no ground');
  } finally {
    closed = tests.close();
  }
  await expect(closed).rejects.toThrow('after 2');
});

it('refuses a module that does not load', async () => {
  const module = new URL('./no-such-tests.ts', import.meta.url);
  await expect(openTests(module)).rejects.toThrow(/no-such-tests/);
});
