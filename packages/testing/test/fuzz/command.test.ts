import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const command = fileURLToPath(new URL('../../dist/fuzz-command.js', import.meta.url));
const readers = fileURLToPath(new URL('faulty-readers.ts', import.meta.url));

const fuzz = (...parameters: string[]) =>
  new Promise<{ code: unknown; out: string }>((done) => {
    const all = [command, '--readers', readers, ...parameters];
    execFile(process.execPath, all, (error, out) => done({ code: error?.code ?? 0, out }));
  });

describe('the fuzz command', () => {
  it.each([
    ['untyped', /not a promised error: TypeError: undefined is no function/],
    ['wrong', /a wrong answer: Error: not true/],
    ['wordy', /an error of 10011 characters: table\.csv: xxx/],
    ['uncaught', /nobody caught it: Error: thrown by a stream/],
    ['exits', /the process ended with code 0 while it read/],
    ['waits', /the process ended with code 13 while it read/],
    ['greedy', /\d+ MiB resident/],
  ])('charges a reader that is %s with each of its runs', async (reader, what) => {
    const { code, out } = await fuzz(reader, '--count', '2');
    expect(code).toBe(1);
    expect(out).toMatch(new RegExp(`^${reader} +3 +1 +0 +2 +\\d+$`, 'm'));
    expect(out.match(/✗ pnpm fuzz/g)).toHaveLength(2);
    for (const run of [1, 2]) expect(out).toContain(`pnpm fuzz ${reader} --seed 0 --run ${run}`);
    expect(out).toMatch(what);
  });

  it('stops a reader that hangs, and goes on behind it', async () => {
    const { code, out } = await fuzz('hangs', '--count', '2', '--seconds', '0.1');
    expect(code).toBe(1);
    expect(out.match(/no end after 3 s/g)).toHaveLength(2);
  });

  it('wants an answer to the samples as they are', async () => {
    const { out } = await fuzz('refuses', '--count', '0');
    expect(out).toMatch(/^refuses +1 +0 +0 +1 /m);
    expect(out).toContain('a sample is refused: table.csv: is refused');
  });

  it('passes a reader that keeps its promise', async () => {
    const { code, out } = await fuzz('right', '--count', '3');
    expect(code).toBe(0);
    expect(out).toMatch(/^right +4 +1 +3 +0 /m);
  });

  it('makes a run again, and leaves its input behind', async () => {
    const { out } = await fuzz('wrong', '--run', '2');
    expect(out).toMatch(/^wrong +1 +0 +0 +1 /m);
    const folder = /the input is in (.*)/.exec(out)![1]!;
    expect(await readFile(join(folder, 'table.csv'), 'utf8')).not.toBe('one,2\nthree,4\n');
  });

  it('says which readers there are', async () => {
    const { code, out } = await fuzz('nothing');
    expect(code).toBe(2);
    expect(out).toContain('no reader nothing: there are right, untyped, wrong');
  });
});
