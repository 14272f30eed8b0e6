import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'esbuild';
import { afterAll, it } from 'vitest';
import { type BrowserPage, openPage } from './page.js';

/** A page with tests in it. */
export interface PageOfTests {
  /** `ops > add > [2, 3]`: each test's name, after the names of what stands around it. */
  readonly names: readonly string[];
  /** @throws Error with what the test threw in the page */
  run(number: number): Promise<void>;
  /** Once what is to run after the tests has. @throws Error with what that threw in the page */
  close(): Promise<void>;
}

/**
 * Declares, with vitest, the tests of a module that runs in a page: they are declared there with
 * vitest's `describe` and `it` as in any test file, and each passes or fails here by its name. Await it
 * at the top of a test file. Where there is no Chromium, or the module does not load, that is a test
 * that fails.
 *
 * @param options `only` tells which tests to declare, by their names; all unless given
 */
export async function testsInPage(
  module: URL,
  { only = () => true }: { readonly only?: (name: string) => boolean } = {},
): Promise<void> {
  let tests: PageOfTests;
  try {
    tests = await openTests(module);
  } catch (error) {
    it('runs in a page', () => {
      throw error;
    });
    return;
  }
  afterAll(() => tests.close());
  for (const [number, name] of tests.names.entries())
    if (only(name)) it(name, () => tests.run(number));
}

/** Opens a page with the tests of a module. @throws Error where it does not load */
export async function openTests(module: URL): Promise<PageOfTests> {
  const page = await openPage({ module, plugins: [asTests(fileURLToPath(module))] });
  return {
    names: await namesIn(page),
    run: (number) => page.call('runTest', number),
    async close() {
      try {
        await page.call('endTests');
      } finally {
        await page.close();
      }
    },
  };
}

async function namesIn(page: BrowserPage): Promise<readonly string[]> {
  try {
    return await page.call('testNames');
  } catch (error) {
    await page.close();
    throw error;
  }
}

/** Puts what a page has in vitest's place, and lets the module run its tests. */
const asTests = (module: string): Plugin => ({
  name: 'tests',
  setup({ onLoad, onResolve }) {
    const path = createRequire(import.meta.url).resolve('@sketchgrad/testing/page-vitest');
    onResolve({ filter: /^vitest$/ }, () => ({ path }));
    onLoad({ filter: /.*/, namespace: 'file' }, async ({ path }) => {
      if (path !== module) return undefined;
      const source = await readFile(path, 'utf8');
      const contents = `${source}\nexport { endTests, runTest, testNames } from 'vitest';\n`;
      return { contents, loader: 'ts', resolveDir: dirname(path) };
    });
  },
});
