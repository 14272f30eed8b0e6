import { rows } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { afterEach, expect, it, vi } from 'vitest';
import { fineTune, trainNodes } from '../src/index.js';
import { RowNorms } from '../src/priorities/row-norms.js';
import { neighbourModel, ring } from './nodes/ring.js';
import { TinyModel, tinyData } from './tiny-model.js';

afterEach(() => {
  vi.restoreAllMocks();
});

/** ‖y_i‖² of each example's tokens in an epoch in which no weight moves, by example and position. */
async function recorded(cut: { batchSize: number; accumulate?: number }) {
  const seen = new Map<string, number>();
  const sizes: number[] = [];
  vi.spyOn(RowNorms.prototype, 'record').mockImplementation((_, batch, norms) => {
    sizes.push(batch.indices.length);
    batch.indices.forEach((example, at) => {
      const first = batch.starts[at]!;
      for (let row = first; row < batch.starts[at + 1]!; row++)
        seen.set(`${example} ${row - first}`, norms[row]!);
    });
  });
  await fineTune(new TinyModel({ perToken: true, dropoutRate: 0 }), {
    backend: createReferenceBackend(),
    data: tinyData({ count: 10 }),
    epochs: 1,
    // Adam's steps are as long as this.
    learningRate: 1e-12,
    ...{ estimator: rows({ rate: 1, by: 'optimal' }), everyLayer: true },
    ...cut,
  });
  vi.restoreAllMocks();
  return { seen, sizes };
}

it.each([
  [{ batchSize: 4 }, [4, 4, 2]],
  [{ batchSize: 3 }, [3, 3, 3, 1]],
  [{ batchSize: 4, accumulate: 2 }, [2, 2, 2, 2, 2]],
  [{ batchSize: 6, accumulate: 2 }, [3, 3, 3, 1]],
  [{ batchSize: 8, accumulate: 4 }, [2, 2, 2, 2, 2]],
] as const)(
  'norms of rows are those of the sum of losses, however it is cut: %o',
  async (cut, sizes) => {
    const whole = await recorded({ batchSize: 10 });
    const found = await recorded(cut);
    expect(found.sizes).toEqual(sizes);
    expect([...found.seen.keys()].sort()).toEqual([...whole.seen.keys()].sort());
    for (const [token, norm] of whole.seen) {
      expect(norm).toBeGreaterThan(0);
      expect(found.seen.get(token)! / norm, token).toBeCloseTo(1, 4);
    }
  },
);

it('and are those of each example alone', async () => {
  const alone = new Map<string, number>();
  const backend = createReferenceBackend();
  vi.spyOn(RowNorms.prototype, 'record').mockImplementation((_, batch, norms) => {
    for (const [at, example] of batch.indices.entries())
      alone.set(String(example), norms[batch.starts[at]!]!);
  });
  await fineTune(new TinyModel({ perToken: true, dropoutRate: 0 }), {
    ...{ backend, data: tinyData({ count: 10 }), epochs: 1, learningRate: 1e-12, batchSize: 1 },
    ...{ estimator: rows({ rate: 1, by: 'optimal' }), everyLayer: true },
  });
  vi.restoreAllMocks();
  const { seen } = await recorded({ batchSize: 10 });
  expect(alone.size).toBe(10);
  // A batch of one has the gradient of its own loss, and scale 1.
  for (const [example, norm] of alone) expect(seen.get(`${example} 0`)! / norm).toBeCloseTo(1, 4);
});

it('those of nodes are of the sum of losses too, in parts with many nodes to learn from and few', async () => {
  const whole = ring();
  const { train } = whole.split;
  const nodes = Int32Array.from({ length: whole.graph.nodes }, (_, node) => node);
  const part = (chosen: Int32Array) => ({
    ...{ nodes, dataset: { ...whole, split: { ...whole.split, train: chosen } } },
  });
  const parts = { name: 'uneven', of: () => [part(train.slice(0, 1)), part(train.slice(1))] };
  for (const batches of [undefined, parts]) {
    const found: number[][] = [];
    vi.spyOn(RowNorms.prototype, 'record').mockImplementation((_, __, norms) => {
      found.push(Array.from(norms));
    });
    await trainNodes(neighbourModel, {
      ...{ backend: createReferenceBackend(), data: whole, epochs: 1, learningRate: 1e-12 },
      ...{ estimator: rows({ rate: 1, by: 'optimal' }), everyLayer: true },
      ...(batches && { batches }),
    });
    vi.restoreAllMocks();
    // Weights of 0 give three classes a third each: a cotangent of 2/3 and twice -1/3.
    const learned = batches ? [[...train.slice(0, 1)], [...train.slice(1)]] : [[...train]];
    expect(found).toHaveLength(learned.length);
    for (const [at, norms] of found.entries())
      for (const [node, norm] of norms.entries())
        expect(norm, `node ${node}`).toBeCloseTo(learned[at]!.includes(node) ? 2 / 3 : 0, 5);
  }
});
