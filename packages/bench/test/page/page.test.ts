import { readFile } from 'node:fs/promises';
import { embeddedMiniLm } from '@sketchgrad/models/node';
import { type BrowserPage, openPage } from '@sketchgrad/testing/browser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { predictionsOf, sketchBits, tinyRun } from './work.js';

const paths = await embeddedMiniLm();
let page: BrowserPage;

beforeAll(async () => {
  const module = new URL('./in-page.ts', import.meta.url);
  const { config, tokenizer, weights } = paths;
  const files = {
    'config.json': config,
    'tokenizer.json': tokenizer,
    'model.safetensors': weights,
  };
  page = await openPage({ module, files });
});
afterAll(() => page?.close());

describe('a page of headless Chromium', () => {
  it('draws the bits of every sketch that Node draws', async () => {
    const here = await sketchBits();
    const there = await page.call<typeof here>('sketchBits');
    expect(there).toEqual(here);
    const drawn = new Set(here.gaussian);
    expect(drawn.size).toBeGreaterThan(100);
  });

  it("gives a tiny model's steps the losses that Node gives them, a stopped run's too", async () => {
    const here = await tinyRun();
    const there = await page.call<typeof here>('tinyRun');
    expect(here.stopped).toMatch(/^InterruptedError/);
    expect(here.losses).toHaveLength(6);
    expect(new Set(here.losses).size).toBe(6);
    for (const [step, loss] of here.losses.entries()) {
      expect(Math.abs(there.losses[step]! - loss)).toBeLessThan(1e-6);
    }
    expect({ ...there, losses: here.losses }).toEqual(here);
  });

  it("loads MiniLM's bytes and its tokenizer, and predicts what Node predicts", async () => {
    const contents = {
      config: await readFile(paths.config),
      weights: await readFile(paths.weights),
      tokenizer: { 'tokenizer.json': await readFile(paths.tokenizer) },
    };
    type Found = Awaited<ReturnType<typeof predictionsOf>>;
    const [there, here] = await Promise.all([page.call<Found>('miniLm'), predictionsOf(contents)]);
    expect(there.tokenIds).toEqual(here.tokenIds);
    expect(here.tokenIds[0]!.length).toBeGreaterThan(6);
    for (const [at, value] of here.predictions.entries()) {
      expect(Math.abs(there.predictions[at]! - value)).toBeLessThan(1e-6);
    }
  });

  it('says of a backend by name how to hand it in', async () => {
    expect(await page.call('byName')).toBe(
      "true: the backend 'cpu' is not installed; add it with: npm install @sketchgrad/backend-cpu; where it is part of a bundle, hand it in: loadBackend(() => import('@sketchgrad/backend-cpu'))",
    );
  });

  it('warns on its console', () => {
    expect(page.said).toEqual(['warning: model.safetensors has no classifier: drawn at random']);
  });
});
