import * as promises from 'node:fs/promises';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { explainSystemError, writeThenRename } from '../../src/node/index.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-'));
});
afterEach(() => rm(folder, { recursive: true }));

const bytes = (text: string) => new TextEncoder().encode(text);

it('is what it was until all is written, and whole from then on', async () => {
  const path = join(folder, 'file');
  const temporary = join(folder, 'file.new');
  await writeFile(path, 'before');
  await writeThenRename(
    path,
    async (append) => {
      await append(bytes('one '));
      expect(await readFile(path, 'utf8')).toBe('before');
      await append(bytes('two'));
    },
    { temporary },
  );
  expect(await readFile(path, 'utf8')).toBe('one two');
  expect(await readdir(folder)).toEqual(['file']);
});

it('stays what it was where writing fails, and leaves the temporary file to the caller', async () => {
  const path = join(folder, 'file');
  const temporary = join(folder, 'file.new');
  await writeFile(path, 'before');
  const failing = writeThenRename(
    path,
    async (append) => {
      await append(bytes('half'));
      throw new Error('no more');
    },
    { temporary },
  );
  await expect(failing).rejects.toThrow('no more');
  expect(await readFile(path, 'utf8')).toBe('before');
  expect(await readFile(temporary, 'utf8')).toBe('half');
});

it('writes all where the system takes less at a time, flushes before it renames, and closes', async () => {
  const calls: string[] = [];
  const fileSystem = {
    open: async (path: string, flags: string) => {
      const handle = await promises.open(path, flags);
      return new Proxy(handle, {
        get(target, name) {
          if (name === 'write')
            return (data: Uint8Array, from: number, length: number) => {
              calls.push('write');
              return target.write(data, from, Math.min(length, 3));
            };
          const member = Reflect.get(target, name);
          if (typeof member !== 'function') return member;
          if (name === 'sync' || name === 'close') calls.push(`${flags} ${name}`);
          return member.bind(target);
        },
      });
    },
    rename: async (from: string, to: string) => {
      calls.push('rename');
      await promises.rename(from, to);
    },
  } as typeof promises;
  const path = join(folder, 'file');
  const temporary = join(folder, 'file.new');
  await writeThenRename(path, (append) => append(bytes('eight by')), { temporary, fileSystem });
  expect(await readFile(path, 'utf8')).toBe('eight by');
  const order = ['write', 'write', 'write', 'w sync', 'w close', 'rename', 'r sync', 'r close'];
  if (process.platform !== 'win32') expect(calls).toEqual(order);
});

it('says in words what the system says in codes', async () => {
  const absent = await readFile(join(folder, 'none')).catch((error) => error);
  expect(explainSystemError(absent)).toBe('there is no such file or directory (ENOENT)');
  expect(explainSystemError(new Error('what'))).toBe('what');
  expect(explainSystemError(Object.assign(new Error('odd'), { code: 'EODD' }))).toBe('odd');
  expect(explainSystemError('text')).toBe('text');
});
