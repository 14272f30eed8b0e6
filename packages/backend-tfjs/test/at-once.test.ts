import { expect, it } from 'vitest';
import { createBackend } from '../src/index.js';

// In a file of its own: a platform that was started before starts at once.
it('backends that are made at once all start', async () => {
  const platforms = ['wasm', 'cpu', 'wasm', 'cpu'] as const;
  const backends = await Promise.all(platforms.map((platform) => createBackend({ platform })));
  expect(backends.map(({ name }) => name)).toEqual(platforms.map((name) => `tfjs:${name}`));
  for (const backend of backends) await backend.dispose();
});
