import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DataError } from '@sketchgrad/core';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { crc32 } from '../src/node/download/crc32.js';
import { unzipFiles } from '../src/node/download/unzip.js';
import { temporaryFolder } from './graphs/graph-folder.js';

const folder = temporaryFolder();
const names = ['train.tsv', 'dev.tsv', 'test.tsv'];
const text = Object.fromEntries(names.map((name) => [name, `${name} `.repeat(20)]));
const files = Object.fromEntries(names.map((name) => [`CoLA/${name}`, strToU8(text[name]!)]));
const mtime = new Date(1980, 0, 1);
const whole = (level: 0 | 6) => Buffer.from(zipSync(files, { level, mtime }));

async function unzip(archive: string | Uint8Array, wanted = names, maxBytes = 10_000) {
  const file = typeof archive === 'string' ? archive : join(folder.path, 'archive.zip');
  if (typeof archive !== 'string') await writeFile(file, archive);
  const into = join(folder.path, `unpacked-${(await readdir(folder.path)).length}`);
  await mkdir(into);
  await unzipFiles(file, { folder: 'CoLA', names: wanted, into, origin: 'the archive', maxBytes });
  return Promise.all(wanted.map((name) => readFile(join(into, name), 'utf8')));
}

async function expectRefusal(archive: string | Uint8Array, message: RegExp, maxBytes?: number) {
  const error = await unzip(archive, names, maxBytes).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(DataError);
  expect((error as DataError).message).toMatch(message);
}

/** Where an entry's header begins, in the directory at the archive's end. */
const inDirectory = (archive: Buffer, name: string) =>
  archive.lastIndexOf(Buffer.from(`CoLA/${name}`)) - 46;

describe('crc32', () => {
  it('is that of zip archives', () => {
    expect(crc32(strToU8('123456789'))).toBe(0xcbf43926);
    expect(crc32(strToU8('6789'), crc32(strToU8('12345')))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array())).toBe(0);
  });
});

describe('an archive', () => {
  it.each([0, 6] as const)('is unpacked, at level %d', async (level) => {
    expect(await unzip(whole(level))).toEqual(Object.values(text));
  });

  it.each(['bit-flip', 'wrong-declared-size'])(
    'that is damaged is refused, and the process lives on: %s',
    async (name) => {
      const archive = fileURLToPath(new URL(`fixtures/zip/${name}.zip`, import.meta.url));
      await expectRefusal(archive, /the archive: is not a usable zip archive \(/);
    },
  );

  it.each([0, 6] as const)(
    'with a byte changed anywhere is refused, or unpacks as it was: %d',
    async (l) => {
      const archive = whole(l);
      let refused = 0;
      for (let at = 0; at < archive.length; at += 3) {
        const damaged = Buffer.from(archive);
        damaged[at]! ^= 1 << (at % 8);
        try {
          expect(await unzip(damaged)).toEqual(Object.values(text));
        } catch (error) {
          expect(error).toBeInstanceOf(DataError);
          refused += 1;
        }
      }
      expect(refused).toBeGreaterThan(archive.length / 12);
    },
  );

  it('is refused by its CRC-32, where nothing else would tell', async () => {
    const archive = whole(0);
    archive[archive.indexOf('train.tsv train.tsv')]! ^= 1;
    await expectRefusal(archive, /CoLA\/train\.tsv is damaged: its CRC-32 is [0-9a-f]+, and decl/);
  });

  it('has as many bytes in an entry as it declares', async () => {
    for (const [declared, message] of [
      [199, /train\.tsv has more than the 199 bytes that it declares/],
      [201, /train\.tsv has 200 bytes: it declares 201/],
    ] as const) {
      const archive = whole(6);
      archive.writeUInt32LE(declared, inDirectory(archive, 'train.tsv') + 24);
      await expectRefusal(archive, message);
    }
  });

  it('has no more bytes than it may', async () => {
    expect(await unzip(whole(6), names, 540)).toEqual(Object.values(text));
    await expectRefusal(whole(6), /unpacks to 540 bytes: expected at most 539/, 539);
    const archive = whole(6);
    archive.writeUInt32LE(0xfffffffe, inDirectory(archive, 'train.tsv') + 24);
    await expectRefusal(archive, /unpacks to 4294967294 bytes: expected at most 10000/);
  });

  it('has each file once', async () => {
    const other = zipSync({ ...files, 'CoLA/tes2.tsv': strToU8('another') }, { mtime });
    const archive = Buffer.from(other);
    const at = inDirectory(archive, 'tes2.tsv') + 46;
    archive.write('CoLA/test.tsv', at, 'latin1');
    await expectRefusal(archive, /it has CoLA\/test\.tsv twice/);
  });

  it('is packed by a way that is known, and open', async () => {
    const other = whole(6);
    other.writeUInt16LE(12, inDirectory(other, 'dev.tsv') + 10);
    await expectRefusal(other, /CoLA\/dev\.tsv is packed by method 12: expected deflate/);
    const secret = whole(6);
    secret.writeUInt16LE(1, inDirectory(secret, 'dev.tsv') + 8);
    await expectRefusal(secret, /CoLA\/dev\.tsv is encrypted/);
  });

  it('has all that is wanted of it', async () => {
    await expect(unzip(whole(6), ['train.tsv', 'dev_matched.tsv', 'x.tsv'])).rejects.toThrow(
      'the archive: the archive lacks CoLA/dev_matched.tsv, CoLA/x.tsv',
    );
  });
});
