import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, UsageError } from '@sketchgrad/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrainingProgress } from '../src/index.js';
import { CheckpointFolder, openCheckpoint } from '../src/node/index.js';
import { contents, contentsAt, progressAt, tensor, tensorsAt } from './checkpoint-contents.js';
import { temporaryDirectory } from './temporary-directory.js';

const newStore = async (): Promise<CheckpointFolder> =>
  new CheckpointFolder(await temporaryDirectory());

describe('a checkpoint', () => {
  it('gives back every bit', async () => {
    const store = await newStore();
    const file = await store.save(progressAt(3), tensorsAt(3));
    const checkpoint = await openCheckpoint(file);
    expect(checkpoint.tensors).toEqual([
      { name: 'weight', dtype: 'f32', shape: [2, 3] },
      { name: 'steps', dtype: 'i32', shape: [3] },
      { name: 'nothing', dtype: 'f32', shape: [0, 4] },
      { name: 'scalar', dtype: 'f32', shape: [] },
    ]);
    const read = await contents(checkpoint);
    expect(read).toEqual(await contentsAt(3));
    expect(Object.is(read.tensors.weight?.[2], -0)).toBe(true);
  });

  it('takes tensors larger than one write, from views into a larger buffer', async () => {
    const arena = Float32Array.from({ length: 2_500_000 }, (_, i) => i);
    const data = arena.subarray(100, 2_400_000);
    const store = await newStore();
    const file = await store.save(progressAt(1), [tensor('large', data)]);
    const read = await contents(await openCheckpoint(file));
    expect(Buffer.from(read.tensors.large!.buffer).equals(bytesOf(data))).toBe(true);
  });

  it('asks for each tensor only after the one before it is written', async () => {
    const store = await newStore();
    const sizes: number[] = [];
    const sources = ['a', 'b', 'c'].map((name) => ({
      ...tensor(name, new Float32Array(1000)),
      async read() {
        const file = join(store.directory, 'step-000000001.checkpoint.partial');
        sizes.push((await stat(file)).size);
        return new Float32Array(1000);
      },
    }));
    await store.save(progressAt(1), sources);
    expect(sizes.map((size) => size - sizes[0]!)).toEqual([0, 4032, 8064]);
  });

  it('names a tensor that it does not hold', async () => {
    const store = await newStore();
    const checkpoint = await openCheckpoint(await store.save(progressAt(1), tensorsAt(1)));
    await expect(checkpoint.read('bias')).rejects.toThrow("holds no tensor 'bias'");
    await checkpoint.close();
  });

  it('is refused with numbers that JSON cannot hold', async () => {
    const store = await newStore();
    const refuse = async (change: Partial<TrainingProgress>, field: string) => {
      const progress = { ...progressAt(1), ...change };
      await expect(store.save(progress, [])).rejects.toThrow(`as its '${field}'`);
    };
    await refuse({ losses: [Number.NaN] }, 'losses');
    await refuse({ step: -1 }, 'step');
    await refuse({ partial: { loss: Number.NaN, examples: 1 } }, 'partial');
    await refuse(
      { evaluations: [{ step: 1, epoch: 0, loss: 1, metrics: { f1: Infinity } }] },
      'evaluations',
    );
    await refuse({ configuration: { rate: Number.NaN } }, 'configuration');
    expect(await store.list()).toEqual([]);
  });

  it('is refused with a tensor that is not what it claims, and leaves nothing behind', async () => {
    const store = await newStore();
    const wrong = tensor('weight', new Float32Array(5), [2, 3]);
    await expect(store.save(progressAt(1), [...tensorsAt(1).slice(1), wrong])).rejects.toThrow(
      "tensor 'weight' should be f32 [2, 3], but a Float32Array of 5 elements was read",
    );
    await expect(store.save(progressAt(1), [wrong, wrong])).rejects.toThrow(UsageError);
    expect(await store.list()).toEqual([]);
    await expect(stat(join(store.directory, 'step-000000001.checkpoint.partial'))).rejects.toThrow(
      'ENOENT',
    );
  });
});

const bytesOf = (data: Float32Array) => Buffer.from(data.buffer, data.byteOffset, data.byteLength);

/** What opening and verifying a file of these bytes throws. */
async function errorOf(file: string, bytes: Uint8Array): Promise<unknown> {
  await writeFile(file, bytes);
  try {
    const checkpoint = await openCheckpoint(file);
    try {
      await checkpoint.verify();
    } finally {
      await checkpoint.close();
    }
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('a damaged checkpoint', () => {
  const whole = async () => {
    const store = await newStore();
    const good = await readFile(await store.save(progressAt(3), tensorsAt(3)));
    return { good, file: join(store.directory, 'copy') };
  };

  it('is never taken for whole, whichever byte is changed', async () => {
    const { good, file } = await whole();
    await fc.assert(
      fc.asyncProperty(
        fc.nat({ max: good.length - 1 }),
        fc.integer({ min: 1, max: 255 }),
        async (place, change) => {
          const bad = Buffer.from(good);
          bad[place]! ^= change;
          expect(await errorOf(file, bad)).toBeInstanceOf(DataError);
        },
      ),
      { numRuns: 300 },
    );
    expect(await errorOf(file, good)).toBeUndefined();
  });

  it('is never taken for whole, wherever it ends', async () => {
    const { good, file } = await whole();
    for (let length = 0; length < good.length; length++) {
      const error = await errorOf(file, good.subarray(0, length));
      expect(error).toBeInstanceOf(DataError);
      expect((error as Error).message).toMatch(/copy: is (not a checkpoint|truncated)/);
    }
    const longer = await errorOf(file, Buffer.concat([good, Buffer.of(0)]));
    expect((longer as Error).message).toMatch(/is damaged: it has \d+ bytes, but should have \d+/);
  });

  it('names the tensor that is damaged, and does not hand it out', async () => {
    const { good, file } = await whole();
    // The last tensor has 4 bytes, then come its 32 bytes of checksum.
    good[good.length - 34]! ^= 1;
    await writeFile(file, good);
    const checkpoint = await openCheckpoint(file);
    await expect(checkpoint.read('scalar')).rejects.toThrow(
      `${file}: is damaged: the checksum of tensor 'scalar' is wrong`,
    );
    await expect(checkpoint.verify()).rejects.toThrow(DataError);
    expect(await checkpoint.read('steps')).toEqual(Int32Array.of(3, -1, 2 ** 31 - 1));
    await checkpoint.close();
  });

  it('is told from other files and from none', async () => {
    const directory = await temporaryDirectory();
    const file = join(directory, 'model.safetensors');
    expect(String(await errorOf(file, Buffer.from('{"not": "a checkpoint"}')))).toContain(
      'is not a checkpoint: it does not begin with SKETCHG1',
    );
    await expect(openCheckpoint(join(directory, 'absent'))).rejects.toThrow(
      /absent: cannot be read: there is no such file or directory \(ENOENT\)/,
    );
    await expect(openCheckpoint(directory)).rejects.toThrow(DataError);
  });
});
