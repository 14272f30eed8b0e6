import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError } from '@sketchgrad/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSafetensors } from '../../src/node/index.js';
import { temporaryFolder } from '../temporary-folder.js';

function fileOf(header: string | object, dataBytes: number): Buffer {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header));
  const start = Buffer.alloc(8);
  start.writeBigUInt64LE(BigInt(json.length));
  return Buffer.concat([start, json, Buffer.alloc(dataBytes)]);
}

async function problemOf(contents: Uint8Array): Promise<string> {
  const path = join(temporaryFolder(), 'model.safetensors');
  writeFileSync(path, contents);
  try {
    await (await openSafetensors(path)).close();
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    expect(error.file).toBe(path);
    return error.message.slice(path.length + 2);
  }
  throw new Error('no error was raised');
}

const w = { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] };

describe('opening a safetensors file', () => {
  it('tells keys from values and texts that look like them', async () => {
    const path = join(temporaryFolder(), 'model.safetensors');
    const entry = (name: string, at: number) =>
      `${JSON.stringify(name)}: {"dtype": "U8", "shape": [1, 1], "data_offsets": [${at}, ${at + 1}]}`;
    const names = ['dtype', 'shape', 'a", "b', '\\', '{"w"', '__proto__', 'é'];
    const entries = names.map(entry).join(' , ');
    writeFileSync(path, fileOf(`{"__metadata__": {"dtype": "dtype", "w": "w"}, ${entries}}`, 7));
    const store = await openSafetensors(path);
    expect(store.names).toEqual(names);
    expect(store.metadata).toEqual({ dtype: 'dtype', w: 'w' });
    await store.close();
  });

  it('accepts a valid one', async () => {
    const path = join(temporaryFolder(), 'model.safetensors');
    for (const contents of [fileOf({ w }, 24), fileOf('{}', 0)]) {
      writeFileSync(path, contents);
      await (await openSafetensors(path)).close();
    }
  });

  it.each<[string, Uint8Array, string]>([
    ['no bytes', new Uint8Array(0), 'not a safetensors file: 0 bytes, it must have at least 8'],
    [
      'a header cut short',
      fileOf({ w }, 0).subarray(0, 30),
      'truncated: the header should end at byte 65, the file has 30 bytes',
    ],
    [
      'a header of absurd length',
      Buffer.from('hello, I am text'),
      'its first eight bytes give a header of 5269260421095515496 bytes, the format allows at most',
    ],
    ['a header that is not JSON', fileOf('{"w":', 0), 'the header is not JSON'],
    ['a header that is a list', fileOf('[]', 0), 'the header is not a JSON object'],
    [
      'data cut short',
      fileOf({ w }, 20),
      "tensor 'w': data_offsets [0,24] end past the file's 20 bytes of data; the file may be",
    ],
    ['data too long', fileOf({ w }, 25), "1 bytes after tensor 'w' belong to no tensor"],
    [
      'an unknown dtype',
      fileOf({ w: { ...w, dtype: 'F33' } }, 24),
      'tensor \'w\': unknown dtype "F33"; known: BOOL, ',
    ],
    [
      'a shape of another size',
      fileOf({ w: { ...w, shape: [2, 2] } }, 24),
      "tensor 'w': shape [2,2] of F32 takes 16 bytes, data_offsets [0,24] give 24",
    ],
    [
      'a negative dimension',
      fileOf({ w: { ...w, shape: [-2, -3] } }, 24),
      "tensor 'w': shape [-2,-3] must be a list of whole numbers",
    ],
    [
      'a shape beyond counting',
      fileOf({ w: { ...w, shape: [2 ** 40, 2 ** 40] } }, 24),
      'has too many elements',
    ],
    [
      'offsets in the wrong order',
      fileOf({ w: { ...w, data_offsets: [24, 0] } }, 24),
      "tensor 'w': data_offsets [24,0] must be [begin, end] with 0 ≤ begin ≤ end",
    ],
    [
      'overlapping tensors',
      fileOf({ w, v: { dtype: 'U8', shape: [8], data_offsets: [20, 28] } }, 28),
      "tensor 'v' begins at byte 20 of the data, inside tensor 'w', which ends at byte 24",
    ],
    [
      'a gap between tensors',
      fileOf({ w, v: { dtype: 'U8', shape: [4], data_offsets: [26, 30] } }, 30),
      "2 bytes between tensor 'w' and tensor 'v' belong to no tensor",
    ],
    [
      'half a byte of data',
      fileOf({ w: { dtype: 'F4', shape: [3], data_offsets: [0, 1] } }, 1),
      "tensor 'w': shape [3] of F4 is not a whole number of bytes",
    ],
    ['an entry that is no object', fileOf({ w: 3 }, 0), "tensor 'w': its entry is 3"],
    [
      'metadata that is not text',
      fileOf({ __metadata__: { step: 3 } }, 0),
      '__metadata__.step is 3, it must be a string',
    ],
    [
      'an entry nested without end',
      fileOf(`{"w":${'['.repeat(1e6)}${']'.repeat(1e6)}}`, 0),
      'not a safetensors file: the header is nested deeper than 100',
    ],
    [
      'a shape nested deep',
      fileOf(`{"w":{"dtype":"F32","shape":${'['.repeat(90)}${']'.repeat(90)}}}`, 0),
      'tensor \'w\': shape [[[["..."]]]] must be a list of whole numbers',
    ],
    ['opening brackets alone', fileOf('['.repeat(1e6), 0), 'the header is nested deeper than 100'],
    [
      'two tensors of one name',
      fileOf(`{"w":${JSON.stringify(w)},"v":{},"w":${JSON.stringify(w)}}`, 24),
      'not a safetensors file: the header has the key "w" twice in one object',
    ],
    [
      'one name written in two ways',
      fileOf(`{"\\u0077":${JSON.stringify(w)},"w":${JSON.stringify(w)}}`, 24),
      'has the key "w" twice in one object',
    ],
    [
      'two dtypes of one tensor',
      fileOf('{"w":{"dtype":"F32","dtype":"I32","shape":[2,3],"data_offsets":[0,24]}}', 24),
      'has the key "dtype" twice in one object',
    ],
    [
      'two metadata of one name',
      fileOf('{"__metadata__":{"format":"pt","format":"tf"}}', 0),
      'has the key "format" twice in one object',
    ],
    ['a header that begins with space', fileOf(' {}', 0), 'not a JSON object that begins with {'],
    [
      'a header that is not UTF-8',
      fileOf('{"w":"', 0).fill(0xff, 13),
      'not a safetensors file: the header is not UTF-8 text',
    ],
  ])('refuses %s', async (_, contents, problem) => {
    expect(await problemOf(contents)).toContain(problem);
  });

  it('says that a file is missing, or is a folder', async () => {
    const folder = temporaryFolder();
    await expect(openSafetensors(join(folder, 'none'))).rejects.toThrow(
      'none: cannot be opened: there is no such file or directory (ENOENT)',
    );
    await expect(openSafetensors(folder)).rejects.toThrow('is not a file');
  });

  it('raises a DataError, and nothing else, for whatever bytes it gets', async () => {
    const header = fc.oneof(fc.json(), fc.constant(JSON.stringify({ w })));
    const file = fc.tuple(header, fc.nat(30)).map(([json, bytes]) => fileOf(json, bytes));
    const damaged = fc.tuple(fileWithW(), fc.nat(), fc.nat(255)).map(([bytes, at, value]) => {
      bytes[at % bytes.length] = value;
      return bytes;
    });
    const path = join(temporaryFolder(), 'model.safetensors');
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.uint8Array(), file, damaged), async (contents) => {
        writeFileSync(path, contents);
        try {
          await (await openSafetensors(path)).close();
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
        }
      }),
      { numRuns: 300 },
    );
  });

  function fileWithW() {
    return fc.constant(null).map(() => fileOf({ w }, 24));
  }
});
