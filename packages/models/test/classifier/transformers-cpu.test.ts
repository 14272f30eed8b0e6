import { createBackend } from '@sketchgrad/backend-cpu';
import type { Backend } from '@sketchgrad/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differencesFromTransformers, TRANSFORMERS_FIXTURES } from './transformers-fixture.js';

/** Of ‖ours − transformers'‖ / ‖transformers'‖, for every tensor; 2.2e-6 was seen. */
const BOUND = 1e-5;

describe('the CPU backend equals transformers', () => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await createBackend({ threads: 2 });
  });
  afterAll(() => backend.dispose());

  it.each(
    TRANSFORMERS_FIXTURES.flatMap((name) =>
      (['first', 'all'] as const).map((lastLayer) => [name, lastLayer] as const),
    ),
  )(
    'in logits, loss and all gradients of %s, the last layer of %s rows',
    async (name, lastLayer) => {
      const differences = await differencesFromTransformers(name, backend, { lastLayer });
      const wrong = [...differences].filter(([, difference]) => !(difference <= BOUND));
      expect(wrong).toEqual([]);
    },
  );
});
