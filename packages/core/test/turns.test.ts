import { expect, it } from 'vitest';
import { Turns } from '../src/execution/turns.js';

it('begins at once where nothing waits, and else in the order of asking', async () => {
  const turns = new Turns();
  const order: string[] = [];
  const asked = (name: string) =>
    turns.take(async () => {
      order.push(`${name} begins`);
      await Promise.resolve();
      order.push(`${name} ends`);
      return name;
    });
  expect(turns.idle).toBe(true);
  const first = asked('a');
  expect(order).toEqual(['a begins']);
  expect(turns.idle).toBe(false);
  expect(await Promise.all([first, asked('b'), asked('c')])).toEqual(['a', 'b', 'c']);
  expect(order).toEqual(['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]));
  expect(turns.idle).toBe(true);
});

it('goes on after work that fails, at once or later', async () => {
  const turns = new Turns();
  const now = turns.take(() => {
    throw new Error('now');
  });
  const later = turns.take(() => Promise.reject(new Error('later')));
  const then = turns.take(async () => 'then');
  await expect(now).rejects.toThrow('now');
  await expect(later).rejects.toThrow('later');
  expect(await then).toBe('then');
  expect(turns.idle).toBe(true);
});
