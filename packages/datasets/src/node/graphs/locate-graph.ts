import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { checkText, DataError } from '@sketchgrad/core';
import { reasonOf } from '../../text.js';
import { kindOfPath } from '../files.js';

/**
 * The folder of a data set, which has `raw` and `split` in it: one named so within `directory`, where
 * a name is given, or else `directory` itself. Case, hyphens, underscores and OGB's prefix do not
 * matter: `ogbn-arxiv` is also `ogbn_arxiv` and `arxiv`.
 *
 * @throws DataError that says what was looked for where there is none
 */
export async function locateGraph(directory: string, name?: string): Promise<string> {
  if (name !== undefined) {
    for (const entry of await foldersIn(directory)) {
      const folder = join(directory, entry);
      if (plain(entry) === plain(name) && (await isGraph(folder))) return folder;
    }
  }
  if (await isGraph(directory)) return directory;
  const wanted = name === undefined ? '' : `the folder ${name.replaceAll('-', '_')}, or `;
  const kind = await kindOfPath(directory);
  throw new DataError(
    directory,
    kind === 'folder'
      ? `holds no data set: expected ${wanted}the folders raw and split, in it`
      : `no such folder: expected ${wanted}the folders raw and split, in it`,
  );
}

/**
 * What a graph is called by the folder that it is in: `ogbn-arxiv` of `data/ogbn_arxiv`.
 * @throws UsageError for no path
 */
export function datasetName(folder: string): string {
  checkText('the folder of a graph', folder);
  return basename(resolve(folder)).toLowerCase().replaceAll('_', '-');
}

/**
 * The folder of a split: the one of that name within `split`, or the only one.
 *
 * @throws DataError that lists those that are there
 */
export async function locateSplit(folder: string, name?: string): Promise<string> {
  const splits = join(folder, 'split');
  const found = await foldersIn(splits);
  const chosen = name ?? (found.length === 1 ? found[0] : undefined);
  if (chosen !== undefined && found.includes(chosen)) return join(splits, chosen);
  const there = found.length === 0 ? 'there is none' : `there are ${found.join(', ')}`;
  throw new DataError(
    splits,
    name === undefined
      ? `expected one folder with train.csv.gz, valid.csv.gz and test.csv.gz, or a choice of them: ${there}`
      : `no split '${name}': ${there}`,
  );
}

async function isGraph(folder: string): Promise<boolean> {
  return (
    (await kindOfPath(join(folder, 'raw'))) === 'folder' &&
    (await kindOfPath(join(folder, 'split'))) === 'folder'
  );
}

async function foldersIn(directory: string): Promise<string[]> {
  if ((await kindOfPath(directory)) !== 'folder') return [];
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    // A link may lead to a folder.
    const folders = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink());
    return folders.map(({ name }) => name).sort();
  } catch (cause) {
    throw new DataError(directory, `cannot be listed (${reasonOf(cause)})`, undefined, { cause });
  }
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/g, '').replace(/^ogbn/, '');
}
