import { loadBackend, UsageError } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';

describe('options of the CPU backend', () => {
  for (const options of [
    { threads: 0 },
    { threads: 1.5 },
    { arenaBytes: 0 },
    { memoryBytes: Number.NaN },
    { hostBlockBytes: 0 },
    { hostBlockBytes: 100 },
    { hostBlockBytes: -64 },
    { hostBlockBytes: Number.POSITIVE_INFINITY },
  ])
    it(`refuses ${Object.entries(options).flat().join(' ')}, naming it`, async () => {
      const [[name, value]] = Object.entries(options) as [[string, number]];
      const refused = loadBackend('cpu', options);
      await expect(refused).rejects.toBeInstanceOf(UsageError);
      await expect(refused).rejects.toThrow(new RegExp(`^${name} must be .*${value}$`));
    });
});
