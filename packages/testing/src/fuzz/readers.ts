import { existsSync, readdirSync } from 'node:fs';
import type { FuzzReader } from './reader.js';

/** Where a package lists its readers, as `export const readers`. */
const place = 'test/fuzz/readers.ts';

/** The modules that list readers, one a package. */
export function readerModules(root: URL): string[] {
  return ['packages/', 'apps/'].flatMap((group) => {
    const folder = new URL(group, root);
    return readdirSync(folder)
      .sort()
      .map((name) => new URL(`${name}/${place}`, folder))
      .filter((file) => existsSync(file))
      .map(({ href }) => href);
  });
}

/** The readers that a module lists. */
export async function readersOf(module: string): Promise<readonly FuzzReader[]> {
  const { readers } = (await import(module)) as { readers: readonly FuzzReader[] };
  return readers;
}
