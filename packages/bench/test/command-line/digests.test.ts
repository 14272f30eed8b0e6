import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { digestOfFiles, digestOfNumbers, digestOfRows } from '../../src/node/runs/digests.js';

test('rows are told apart by the part that each is in, too', () => {
  const told = digestOfRows({ train: ['a', 'b'], dev: ['c'] });
  expect(told).toMatch(/^train 2 rows, dev 1 row, [0-9a-f]{32}$/);
  expect(digestOfRows({ train: ['a', 'b'], dev: ['c'] })).toBe(told);
  const digest = (parts: Parameters<typeof digestOfRows>[0]) => digestOfRows(parts).slice(-32);
  const all = [
    { train: ['a', 'b'], dev: ['c'] },
    { train: ['a'], dev: ['b', 'c'] },
    { train: ['a', 'b', 'c'], dev: [] },
    { train: ['a', 'b', 'c'] },
    { train: ['a', 'b'], test: ['c'] },
    { dev: ['c'], train: ['a', 'b'] },
    { train: ['a', 'b'], dev: ['d'] },
  ].map(digest);
  expect(new Set(all).size).toBe(all.length);
});

test('numbers are told apart by the part that each is in, and by their type', () => {
  const all = [
    { train: Int32Array.of(1, 2), valid: Int32Array.of(3) },
    { train: Int32Array.of(1), valid: Int32Array.of(2, 3) },
    { train: Int32Array.of(1, 2), test: Int32Array.of(3) },
    { train: new Float32Array(Int32Array.of(1, 2).buffer), valid: Int32Array.of(3) },
    { train: Int32Array.of(1, 2, 3) },
  ].map(digestOfNumbers);
  expect(new Set(all).size).toBe(all.length);
});

test('files are told apart by their bytes, borders and roles, and not by their folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'digests-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = async (name: string, text: string) => {
    const path = join(folder, name);
    await writeFile(path, text);
    return path;
  };
  const [ab, c, a, bc] = [
    await file('1', 'ab'),
    await file('2', 'c'),
    await file('3', 'a'),
    await file('4', 'bc'),
  ];
  const one = await digestOfFiles([ab]);
  expect(one).toMatch(/^1 file, 2 bytes, [0-9a-f]{32}$/);
  await copyFile(ab, join(folder, 'copy'));
  expect(await digestOfFiles([join(folder, 'copy')])).toBe(one);
  const two = await digestOfFiles([ab, c]);
  expect(await digestOfFiles([a, bc])).not.toBe(two);
  expect(await digestOfFiles([c, ab])).not.toBe(two);
});
