import { mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../../src/errors.js';
import { makeDirectory } from '../../src/node/index.js';

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'make-directory-'));
});

afterEach(() => rmSync(root, { recursive: true }));

describe('makeDirectory', () => {
  it('makes what is missing, from the top', async () => {
    const path = join(root, 'a', 'b', 'c');
    expect(await makeDirectory(path)).toBe(join(root, 'a'));
    expect(statSync(path).isDirectory()).toBe(true);
    writeFileSync(join(path, 'file'), '');
    expect(await makeDirectory(path)).toBeUndefined();
    expect(await makeDirectory(`${path}d`)).toBe(`${path}d`);
    expect(readdirSync(path)).toEqual(['file']);
  });

  it('refuses what is no path', async () => {
    for (const path of [undefined, null, 3, '', {}, Symbol('path')])
      await expect(makeDirectory(path as string)).rejects.toBeInstanceOf(UsageError);
    await expect(makeDirectory(root, 'mkdir' as never)).rejects.toBeInstanceOf(UsageError);
  });

  it('takes a link to a directory for one', async () => {
    symlinkSync(root, join(root, 'link'));
    await makeDirectory(join(root, 'link', 'd'));
    await makeDirectory(join(root, 'link'));
    expect(readdirSync(root).sort()).toEqual(['d', 'link']);
  });

  it('refuses where a file is in the way', async () => {
    const file = join(root, 'file');
    writeFileSync(file, '');
    await expect(makeDirectory(file)).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makeDirectory(join(file, 'below'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  it('ends where a directory that exists says that it does not, as /proc does', async () => {
    const asked: string[] = [];
    const inProc = async (path: string) => {
      asked.push(path);
      throw Object.assign(new Error(`ENOENT: mkdir '${path}'`), { code: 'ENOENT' });
    };
    const path = join(root, 'a', 'b');
    await expect(makeDirectory(path, inProc)).rejects.toMatchObject({ code: 'ENOENT' });
    expect(asked).toEqual([path, join(root, 'a')]);
  });

  it.skipIf(process.platform !== 'linux')('ends in /proc itself', async () => {
    await expect(makeDirectory('/proc/sketchgrad/run')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
