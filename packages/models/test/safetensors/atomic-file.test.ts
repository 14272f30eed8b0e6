import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '@sketchgrad/core';
import { expect, it, onTestFinished, vi } from 'vitest';
import { writeFileAtomically } from '../../src/node/index.js';
import { temporaryFolder } from '../temporary-folder.js';

/** Replaces one method of every open file; `folder` may be used to open one. */
async function spyOnFiles(folder: string, method: 'write' | 'sync') {
  const handle = await open(join(folder, 'probe'), 'w');
  await handle.close();
  const prototype: FileHandle = Object.getPrototypeOf(handle);
  const spy = vi.spyOn(prototype, method);
  onTestFinished(() => spy.mockRestore());
  return spy;
}

it.each(['write', 'sync'] as const)(
  'keeps the old file when the disk is full at %s',
  async (at) => {
    const folder = temporaryFolder();
    const path = join(folder, 'file');
    writeFileSync(path, 'old');
    const spy = await spyOnFiles(folder, at);
    spy.mockRejectedValueOnce(Object.assign(new Error('no space left'), { code: 'ENOSPC' }));
    const writing = writeFileAtomically(path, (append) => append(Buffer.from('new')));
    await expect(writing).rejects.toThrow(`${path}: cannot be written: the disk is full (ENOSPC)`);
    await expect(writing).rejects.toBeInstanceOf(DataError);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(folder).sort()).toEqual(['file', 'probe']);
  },
);

it('writes the pieces in order', async () => {
  const path = join(temporaryFolder(), 'file');
  await writeFileAtomically(path, async (append) => {
    await append(Buffer.from('one '));
    await append(new Uint8Array(0));
    await append(Buffer.from('two'));
  });
  expect(readFileSync(path, 'utf8')).toBe('one two');
});
