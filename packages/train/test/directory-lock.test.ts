import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { DirectoryLock } from '../src/node/index.js';
import { temporaryDirectory } from './temporary-directory.js';

const BUILT = new URL('../dist/node.js', import.meta.url).href;

const take = (directory: string) =>
  DirectoryLock.take(directory, (message) => {
    throw new Error(`nothing should be warned of, but: ${message}`);
  });

/** Another process that has a directory. */
async function otherProcess(directory: string) {
  const code =
    `import { DirectoryLock } from ${JSON.stringify(BUILT)};` +
    `globalThis.lock = await DirectoryLock.take(${JSON.stringify(directory)}, console.error);` +
    "console.log('taken'); setInterval(() => {}, 1000);";
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

describe('DirectoryLock', () => {
  it('keeps a directory for one, in the same process too', async () => {
    const directory = await temporaryDirectory();
    const lock = await take(directory);
    await expect(take(directory)).rejects.toThrow(UsageError);
    await expect(take(directory)).rejects.toThrow(
      `${directory} is in use by another run (process ${process.pid} on ${hostname()} since 20`,
    );
    expect(existsSync(join(directory, '.lock'))).toBe(true);
    await lock.release();
    expect(readdirSync(directory)).toEqual([]);
    await (await take(directory)).release();
  });

  it('names another process that has it, and takes over when that is killed', async () => {
    const directory = await temporaryDirectory();
    const other = await otherProcess(directory);
    await expect(take(directory)).rejects.toThrow(`process ${other.pid} on ${hostname()}`);
    other.kill('SIGKILL');
    await once(other, 'exit');
    expect(readFileSync(join(directory, '.lock'), 'utf8')).toContain(`process ${other.pid} `);
    const lock = await take(directory);
    expect(readFileSync(join(directory, '.lock'), 'utf8')).toMatch(
      new RegExp(`^process ${process.pid} on [^\n]*\n$`),
    );
    await lock.release();
  });

  it('takes over from a dead run whose number a living process has now', async () => {
    const directory = await temporaryDirectory();
    writeFileSync(join(directory, '.lock'), `process ${process.pid} on ${hostname()} since 2020\n`);
    await (await take(directory)).release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('says where its name is taken by a directory, which it leaves alone', async () => {
    const directory = await temporaryDirectory();
    const taken = join(directory, '.lock');
    mkdirSync(taken);
    await expect(take(directory)).rejects.toThrow(UsageError);
    await expect(take(directory)).rejects.toThrow(
      `${taken} is a directory, where a run has a file as its lock: move it away`,
    );
    expect(readdirSync(directory)).toEqual(['.lock']);
  });

  it('gives one of many who ask at once the directory, time and again', async () => {
    const directory = await temporaryDirectory();
    let having = 0;
    let times = 0;
    const visitor = async () => {
      for (let done = 0; done < 5; ) {
        const lock = await take(directory).catch((error: unknown) => {
          if (!(error instanceof UsageError)) throw error;
        });
        if (!lock) continue;
        expect(++having).toBe(1);
        await new Promise((resolve) => setImmediate(resolve));
        having--;
        times++;
        done++;
        await lock.release();
      }
    };
    await Promise.all(Array.from({ length: 8 }, visitor));
    expect(times).toBe(40);
  });

  it('takes away the empty directories that were made for it, and no other', async () => {
    const root = await temporaryDirectory();
    await (await take(join(root, 'a', 'b'))).release();
    expect(readdirSync(root)).toEqual([]);
    const lock = await take(join(root, 'a', 'b'));
    writeFileSync(join(root, 'a', 'mine'), '');
    await lock.release();
    expect(readdirSync(root, { recursive: true }).sort()).toEqual(['a', join('a', 'mine')]);
  });

  it('says where a directory cannot be', async () => {
    const file = join(await temporaryDirectory(), 'file');
    writeFileSync(file, '');
    for (const place of [file, join(file, 'below')]) {
      await expect(take(place)).rejects.toThrow(UsageError);
      await expect(take(place)).rejects.toThrow(/cannot be written to: .*not a directory/);
    }
  });
});
