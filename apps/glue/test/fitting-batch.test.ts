import { orSayWhatFits } from '@sketchgrad/bench/node';
import {
  type Backend,
  type Graph,
  input,
  matmul,
  PlanError,
  trace,
  UsageError,
} from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const backend: Backend = createReferenceBackend();

/** A product whose bytes grow with the batch. */
const traceAt = (batchSize: number): Graph =>
  trace(() => {
    const x = input('x', [batchSize, 16]);
    return { product: matmul(x, input('w', [16, 16])) };
  });

const refusal = (batchSize: number, limit: number): Promise<string> =>
  orSayWhatFits(
    async () => {
      throw new PlanError('it needs more', backend.plan(traceAt(batchSize)).peakBytes, limit);
    },
    { backend, batchSize, traceAt, advise: (largest) => `${largest} fits` },
  ).then(
    () => expect.unreachable('it should fail'),
    (error) => {
      expect(error).toBeInstanceOf(PlanError);
      return error.message;
    },
  );

test('says the largest batch that fits', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 2, max: 300 }),
      fc.nat(2 ** 16),
      async (batchSize, limit) => {
        fc.pre(backend.plan(traceAt(batchSize)).peakBytes > limit);
        const message = await refusal(batchSize, limit);
        const largest = Number(/^it needs more\. (\d+) fits$/.exec(message)?.[1] ?? 0);
        if (largest === 0) expect(message).toContain('not even a batch of 1 fits');
        else expect(backend.plan(traceAt(largest)).peakBytes).toBeLessThanOrEqual(limit);
        expect(backend.plan(traceAt(largest + 1)).peakBytes).toBeGreaterThan(limit);
      },
    ),
    { numRuns: 30 },
  );
});

test('leaves what works and other failures alone', async () => {
  const fitting = { backend, batchSize: 4, traceAt, advise: String };
  expect(await orSayWhatFits(async () => 7, fitting)).toBe(7);
  const other = new UsageError('something else');
  const failing = orSayWhatFits(async () => {
    throw other;
  }, fitting);
  await expect(failing).rejects.toBe(other);
});
