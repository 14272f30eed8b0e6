import { loadBackend, UsageError } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';

const wrong: readonly (readonly [name: string, value: unknown, said: string])[] = [
  ['threads', 0, '0'],
  ['threads', 1.5, '1.5'],
  ['arenaBytes', 0, '0'],
  ['memoryBytes', Number.NaN, 'NaN'],
  ['hostBlockBytes', 0, '0'],
  ['hostBlockBytes', 100, '100'],
  ['hostBlockBytes', -64, '-64'],
  ['hostBlockBytes', Number.POSITIVE_INFINITY, 'Infinity'],
  ...['threads', 'arenaBytes', 'memoryBytes', 'hostBlockBytes'].flatMap((name) =>
    (
      [
        ['64', "'64'"],
        [null, 'null'],
        [true, 'true'],
        [[64], 'an array of 1'],
        [64n, '64'],
        [Symbol('s'), 'Symbol(s)'],
      ] as const
    ).map(([value, said]) => [name, value, said] as const),
  ),
];

describe('options of the CPU backend', () => {
  it.each(wrong.map(([name, value, said]) => [name, said, value] as const))(
    'refuses %s %s, naming it',
    async (name, said, value) => {
      const refused = loadBackend('cpu', { [name]: value });
      await expect(refused).rejects.toBeInstanceOf(UsageError);
      await expect(refused).rejects.toThrow(new RegExp(`^${name} must be `));
      await expect(refused).rejects.toThrow(new RegExp(`${said.replace(/[()]/g, '\\$&')}$`));
    },
  );
});
