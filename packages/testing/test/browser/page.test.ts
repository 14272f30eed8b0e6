import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type BrowserPage, openPage } from '../../src/browser/index.js';

const own = fileURLToPath(import.meta.url);
let page: BrowserPage;

beforeAll(async () => {
  const module = new URL('./in-page.ts', import.meta.url);
  page = await openPage({ module, files: { 'own.ts': own } });
});
afterAll(() => page?.close());

it('calls what the module exports, with what JSON holds', async () => {
  expect(await page.call('add', 2, 3)).toBe(5);
});

it('is a secure place of its own, with graphics and the packages', async () => {
  expect(await page.call('place')).toEqual({
    ...{ crossOriginIsolated: true, hasGraphics: true, ofCore: true },
  });
});

it('has the files that it was given, and no others', async () => {
  expect(await page.call('lengthOf', 'own.ts')).toBe((await stat(own)).size);
  expect(await page.call('lengthOf', 'in-page.ts')).toBe(404);
});

it('throws what the page throws, with the place', async () => {
  await expect(page.call('fail')).rejects.toThrow(/there is no such row\n.*fail/);
  await expect(page.call('nothing')).rejects.toThrow(/nothing|not a function/);
});

it('tells what the page says', async () => {
  await page.call('tell');
  expect(page.said).toContain('warning: the loss stays where it is');
});

it('refuses a module that needs Node', async () => {
  const module = new URL('../../src/browser/serve.ts', import.meta.url);
  await expect(openPage({ module })).rejects.toThrow(/Could not resolve "node:/);
});

it('says where there is no Chromium', async () => {
  const before = process.env.SKETCHGRAD_CHROME;
  const folder = await mkdtemp(join(tmpdir(), 'sketchgrad-chrome-'));
  try {
    process.env.SKETCHGRAD_CHROME = join(folder, 'chrome');
    const module = new URL('./in-page.ts', import.meta.url);
    await expect(openPage({ module })).rejects.toThrow(join(folder, 'chrome'));
    expect(await readdir(folder)).toEqual([]);
  } finally {
    if (before === undefined) delete process.env.SKETCHGRAD_CHROME;
    else process.env.SKETCHGRAD_CHROME = before;
    await rm(folder, { recursive: true });
  }
});
