import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FloatTensor } from '../../src/index.js';
import { openSafetensors, writeSafetensors } from '../../src/node/index.js';
import { temporaryFolder } from '../temporary-folder.js';

const shapes = fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 });

const tensors = fc.uniqueArray(fc.string({ unit: 'grapheme' }), { maxLength: 6 }).chain((names) =>
  fc.tuple(
    ...names
      .filter((name) => name !== '__metadata__')
      .map((name) =>
        shapes.chain((shape) => {
          const length = shape.reduce((product, size) => product * size, 1);
          return fc
            .array(fc.float({ noNaN: true }), { minLength: length, maxLength: length })
            .map((values): FloatTensor & { data: Float32Array } => ({
              name,
              shape,
              data: Float32Array.from(values),
            }));
        }),
      ),
  ),
);

/** For comparing long arrays, which `toEqual` is slow at. */
function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

describe('a safetensors file', () => {
  it('gives back the tensors that were written, bit for bit', async () => {
    const folder = temporaryFolder();
    await fc.assert(
      fc.asyncProperty(tensors, async (written) => {
        const path = join(folder, 'model.safetensors');
        await writeSafetensors(path, written);
        const store = await openSafetensors(path);
        expect([...store.names].sort()).toEqual(written.map(({ name }) => name).sort());
        expect(store.metadata).toEqual({ format: 'pt' });
        for (const { name, shape, data } of written) {
          expect(store.info(name).shape).toEqual(shape);
          expect(await store.readFloat32(name)).toEqual(data);
        }
        await store.close();
      }),
      { numRuns: 40 },
    );
  });

  it('holds aligned data after a header padded to eight bytes, widest dtype first', async () => {
    const path = join(temporaryFolder(), 'model.safetensors');
    await writeSafetensors(path, [
      { name: 'half', shape: [3], data: Float32Array.of(1, 2, 3), dtype: 'BF16' },
      { name: 'b', shape: [2], data: Float32Array.of(1, 2) },
      { name: 'a', shape: [], data: Float32Array.of(7) },
      { name: 'ids', shape: [1], dtype: 'I64', bytes: new Uint8Array(8).fill(1) },
    ]);
    const store = await openSafetensors(path);
    expect(store.names).toEqual(['ids', 'a', 'b', 'half']);
    for (const name of store.names) expect(store.info(name).offset % 4).toBe(0);
    expect(Number(readFileSync(path).readBigUInt64LE(0)) % 8).toBe(0);
    expect(await store.readBytes('ids')).toEqual(new Uint8Array(8).fill(1));
    expect(await store.readFloat32('half')).toEqual(Float32Array.of(1, 2, 3));
    await store.close();
  });

  it('stores 16-bit floats when asked, and says which value does not fit', async () => {
    const path = join(temporaryFolder(), 'model.safetensors');
    const data = Float32Array.of(0.5, 65504, -1 / 3);
    await writeSafetensors(path, [{ name: 'w', shape: [3], data }], { dtype: 'F16' });
    const store = await openSafetensors(path);
    expect(store.info('w')).toMatchObject({ dtype: 'F16', bytes: 6 });
    expect((await store.readFloat32('w')).map((v, i) => v - data[i]!)).toEqual(
      Float32Array.of(0, 0, -0.333251953125 + Math.fround(1 / 3)),
    );
    await store.close();
    const large = [{ name: 'w', shape: [2], data: Float32Array.of(1, 1e5) }];
    await expect(writeSafetensors(path, large, { dtype: 'F16' })).rejects.toThrow(
      "tensor 'w': 100000 at element 1 is too large for F16; write F32 instead",
    );
  });

  it('reads more values than one piece of the conversion holds, into a given array', async () => {
    const path = join(temporaryFolder(), 'model.safetensors');
    const data = Float32Array.from({ length: (1 << 20) + 77 }, (_, i) => (i % 2047) - 1023);
    await writeSafetensors(path, [{ name: 'w', shape: [data.length], data }], { dtype: 'F16' });
    const store = await openSafetensors(path);
    const arena = new Float32Array(data.length + 2).fill(9);
    const view = arena.subarray(1, -1);
    expect(await store.readFloat32('w', view)).toBe(view);
    expect(Buffer.compare(bytesOf(view), bytesOf(data))).toBe(0);
    expect([arena[0], arena.at(-1)]).toEqual([9, 9]);
    await expect(store.readFloat32('w', arena)).rejects.toThrow(
      `has ${data.length} elements, the array to read it into has ${arena.length}`,
    );
    await store.close();
  });

  it('reads the installed encoder', async () => {
    const { embeddedMiniLm } = await import('../../src/node/index.js');
    const store = await openSafetensors((await embeddedMiniLm()).weights);
    expect(store.names).toHaveLength(104);
    const scale = await store.readFloat32('encoder.layer.0.output.LayerNorm.weight');
    expect(scale.every((value) => value > 0.1 && value < 2)).toBe(true);
    await expect(store.readFloat32('embeddings.position_ids')).rejects.toThrow(
      "tensor 'embeddings.position_ids' has dtype I64; as numbers only F32, F16, BF16, F64 can be read",
    );
    expect(await store.readBytes('embeddings.position_ids')).toHaveLength(512 * 8);
    await expect(store.readFloat32('bert.pooler.dense.bias')).rejects.toThrow(
      "has no tensor 'bert.pooler.dense.bias'; did you mean 'pooler.dense.bias'?",
    );
    await store.close();
  });
});

describe('writing', () => {
  it('asks for a tensor when its turn comes', async () => {
    const path = join(temporaryFolder(), 'model.safetensors');
    const asked: string[] = [];
    const lazy = (name: string): FloatTensor => ({
      name,
      shape: [1],
      data: async () => {
        asked.push(name);
        return Float32Array.of(asked.length);
      },
    });
    await writeSafetensors(path, [lazy('b'), lazy('a')]);
    expect(asked).toEqual(['a', 'b']);
  });

  it('leaves the old file and nothing else when a tensor cannot be had', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'model.safetensors');
    writeFileSync(path, 'old');
    const failing: FloatTensor[] = [
      { name: 'a', shape: [1000], data: new Float32Array(1000) },
      { name: 'b', shape: [1], data: () => Promise.reject(new Error('the device is lost')) },
    ];
    await expect(writeSafetensors(path, failing)).rejects.toThrow('the device is lost');
    expect(readdirSync(folder)).toEqual(['model.safetensors']);
    expect(readFileSync(path, 'utf8')).toBe('old');
  });

  it('replaces a file with one that others may read', async () => {
    const path = join(temporaryFolder(), 'model.safetensors');
    writeFileSync(path, 'old');
    await writeSafetensors(path, [{ name: 'a', shape: [1], data: Float32Array.of(1) }]);
    expect(statSync(path).mode & 0o444).toBe(0o444 & ~process.umask());
  });

  it('refuses shapes, names and folders that do not fit', async () => {
    const folder = temporaryFolder();
    const one = Float32Array.of(1);
    const write = (path: string, ...all: FloatTensor[]) =>
      writeSafetensors(join(folder, path), all);
    const a: FloatTensor = { name: 'a', shape: [1], data: one };
    await expect(write('m', a, a)).rejects.toThrow("tensor 'a' is given twice");
    await expect(write('m', { ...a, shape: [2, 3] })).rejects.toThrow(
      "tensor 'a': shape [2,3] has 6 elements, 1 were given",
    );
    await expect(write('m', { ...a, shape: [-1] })).rejects.toThrow('must hold whole numbers ≥ 0');
    await expect(write('m', { ...a, name: '__metadata__' })).rejects.toThrow('the format keeps');
    await expect(write('absent/m', a)).rejects.toThrow(
      'cannot be written: there is no such file or directory (ENOENT)',
    );
    expect(readdirSync(folder)).toEqual([]);
  });

  it('reads F64 as f32, and refuses what is too large for it', async () => {
    const path = join(temporaryFolder(), 'model.safetensors');
    const count = (1 << 20) + 3;
    const doubles = Float64Array.from({ length: count }, (_, i) => i / 3);
    const bytes = new Uint8Array(doubles.buffer);
    const write = () =>
      writeSafetensors(path, [
        { name: 'a', shape: [1], data: Float32Array.of(7) },
        { name: 'w', shape: [count], dtype: 'F64', bytes },
      ]);
    await write();
    const store = await openSafetensors(path);
    const read = await store.readFloat32('w');
    const expected = bytesOf(Float32Array.from(doubles));
    expect(Buffer.compare(bytesOf(read), expected)).toBe(0);
    await store.close();
    doubles[count - 1] = 1e39;
    await write();
    const large = await openSafetensors(path);
    await expect(large.readFloat32('w')).rejects.toThrow(
      `tensor 'w' holds 1e+39 at element ${count - 1}, which is too large for f32`,
    );
    await large.close();
  });
});
