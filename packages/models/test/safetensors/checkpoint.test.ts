import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openCheckpoint, writeSafetensors } from '../../src/node/index.js';
import { temporaryFolder } from '../temporary-folder.js';

const indexName = 'model.safetensors.index.json';
const first = 'model-00001-of-00002.safetensors';
const second = 'model-00002-of-00002.safetensors';

async function sharded(weightMap: unknown): Promise<string> {
  const folder = temporaryFolder();
  const tensor = (name: string, value: number) => ({
    name,
    shape: [1],
    data: Float32Array.of(value),
  });
  await writeSafetensors(join(folder, first), [tensor('a', 1), tensor('b', 2)]);
  await writeSafetensors(join(folder, second), [tensor('c', 3)]);
  writeFileSync(join(folder, indexName), JSON.stringify({ metadata: {}, weight_map: weightMap }));
  return folder;
}

describe('a checkpoint in several files', () => {
  it('reads each tensor from its file', async () => {
    const folder = await sharded({ c: second, a: first, b: first });
    for (const path of [folder, join(folder, indexName)]) {
      const store = await openCheckpoint(path);
      expect(store.names).toEqual(['a', 'b', 'c']);
      expect(store.has('c')).toBe(true);
      expect(await store.readFloat32('a')).toEqual(Float32Array.of(1));
      expect(await store.readFloat32('c')).toEqual(Float32Array.of(3));
      expect(await store.readBytes('c')).toHaveLength(4);
      await expect(store.readFloat32('d')).rejects.toThrow("has no tensor 'd'; it has 3 tensors");
      await store.close();
    }
  });

  it('reads what the index does not list, as transformers does', async () => {
    const store = await openCheckpoint(await sharded({ a: first, c: second }));
    expect(store.names).toEqual(['a', 'b', 'c']);
    expect(await store.readFloat32('b')).toEqual(Float32Array.of(2));
    await store.close();
  });

  it('reads a tensor of two files from the one that the index names', async () => {
    const folder = await sharded({ a: first, c: second });
    const twice = { shape: [1], data: Float32Array.of(9) };
    await writeSafetensors(join(folder, second), [
      { name: 'a', ...twice },
      { name: 'c', ...twice },
    ]);
    const store = await openCheckpoint(folder);
    expect(store.names).toEqual(['a', 'b', 'c']);
    expect(await store.readFloat32('a')).toEqual(Float32Array.of(1));
    await store.close();
    await writeSafetensors(join(folder, second), [
      { name: 'b', ...twice },
      { name: 'c', ...twice },
    ]);
    await expect(openCheckpoint(folder)).rejects.toThrow(
      `index.json: does not say in which of its files tensor 'b' is: it is in ${first} and in ${second}`,
    );
  });

  it.each<[string, unknown, string]>([
    ['a missing file', { a: 'model-3.safetensors' }, 'model-3.safetensors: cannot be opened'],
    ['a tensor in the wrong file', { c: first }, `${first}: has no tensor 'c'`],
    ['a file elsewhere', { a: '../x.safetensors' }, 'weight_map[\'a\'] is "../x.safetensors"'],
    [
      'a name that no file has',
      { a: `${'x'.repeat(300)}.safetensors` },
      'must be the name of a .saf',
    ],
    ['no map', undefined, "must have an object 'weight_map'"],
  ])('refuses %s', async (_, weightMap, problem) => {
    await expect(openCheckpoint(await sharded(weightMap))).rejects.toThrow(problem);
  });

  it('refuses an index that is not JSON', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, indexName), '{');
    await expect(openCheckpoint(folder)).rejects.toThrow('index.json: is not JSON');
  });

  it('refuses an index that has a tensor in two files', async () => {
    const folder = await sharded({});
    const map = `{"weight_map": {"a": "${first}", "a": "${second}"}}`;
    writeFileSync(join(folder, indexName), map);
    await expect(openCheckpoint(folder)).rejects.toThrow('has the key "a" twice in one object');
  });
});

describe('finding the weights in a folder', () => {
  it('takes the only safetensors file there is', async () => {
    const folder = temporaryFolder();
    const path = join(folder, 'model.fp16.safetensors');
    await writeSafetensors(path, [{ name: 'a', shape: [1], data: Float32Array.of(1) }]);
    const store = await openCheckpoint(folder);
    expect(store.path).toBe(path);
    await store.close();
  });

  it('says what it looked for and what it found', async () => {
    const folder = temporaryFolder();
    await expect(openCheckpoint(folder)).rejects.toThrow(
      `no weights: expected model.safetensors or ${indexName}; it holds neither`,
    );
    writeFileSync(join(folder, 'pytorch_model.bin'), '');
    await expect(openCheckpoint(folder)).rejects.toThrow('it holds only pytorch_model.bin');
    for (const name of ['x.safetensors', 'y.safetensors']) writeFileSync(join(folder, name), '');
    await expect(openCheckpoint(folder)).rejects.toThrow(
      'it holds 2 .safetensors files and no index: x.safetensors, y.safetensors',
    );
    mkdirSync(join(folder, 'sub'));
    await expect(openCheckpoint(join(folder, 'none'))).rejects.toThrow('cannot be opened');
  });
});
