import { join } from 'node:path';
import { DataError, UsageError } from '@sketchgrad/core';
import { addressBelow, assembleFolder, type DownloadOptions } from '../download/assemble.js';
import { fetchFile } from '../download/fetch-file.js';
import { unzipFiles } from '../download/unzip.js';
import { kindOfPath, reasonOf } from '../files.js';
import { readNodeDataset } from './read-ogb.js';

// The addresses in OGB's own list, ogb/nodeproppred/master.csv of https://github.com/snap-stanford/ogb.
const publicBaseUrl = 'http://snap.stanford.edu/ogb/data/nodeproppred/';

// The name of the archive and of the folder in it, and its split.
const sources: Readonly<Record<string, { archive: string; split: string }>> = {
  'ogbn-arxiv': { archive: 'arxiv', split: 'time' },
  'ogbn-products': { archive: 'products', split: 'sales_ranking' },
};

/** The data sets that {@link downloadOgb} knows. */
export const ogbNames: readonly string[] = Object.keys(sources);

/**
 * Downloads a node classification of the Open Graph Benchmark into its folder (`ogbn_arxiv`) within
 * `directory`, unless it is there already. It is fetched, unpacked and read once in a temporary folder
 * beside it, which is renamed at the end: the folder is there whole, or not at all. ogbn-arxiv is
 * 80 MB to fetch, ogbn-products 1.4 GB.
 *
 * @returns the data set's folder
 * @throws UsageError on an unknown data set; DataError where there is no network, the server's answer
 *   is not whole, or what came is not the data set; the signal's reason where it is aborted
 */
export async function downloadOgb(
  name: string,
  directory: string,
  { baseUrl = publicBaseUrl, onProgress, signal }: DownloadOptions = {},
): Promise<string> {
  const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
  if (source === undefined) {
    throw new UsageError(`no download of '${name}': expected one of ${ogbNames.join(', ')}`);
  }
  const folderName = name.replaceAll('-', '_');
  const folder = join(directory, folderName);
  // What a download leaves behind is whole; what somebody else has left, its reader will judge.
  if ((await kindOfPath(folder)) !== 'nothing') return folder;
  const { archive, split } = source;
  const url = addressBelow(baseUrl, `${archive}.zip`);
  return assembleFolder(directory, folderName, async ({ temporary, assembled }) => {
    const zip = join(temporary, 'archive.zip');
    await fetchFile(url, zip, {
      ...(signal && { signal }),
      ...(onProgress && {
        onProgress: (receivedBytes, totalBytes) => onProgress({ url, receivedBytes, totalBytes }),
      }),
    });
    const names = [...rawFiles, ...splitFiles.map((file) => `split/${split}/${file}`)];
    await unzipFiles(zip, { folder: archive, names, into: assembled, origin: url });
    signal?.throwIfAborted();
    await readOnce(assembled, name, url);
    signal?.throwIfAborted();
  });
}

const rawFiles = ['num-node-list', 'num-edge-list', 'edge', 'node-feat', 'node-label'].map(
  (file) => `raw/${file}.csv.gz`,
);
const splitFiles = ['train', 'valid', 'test'].map((part) => `${part}.csv.gz`);

async function readOnce(folder: string, name: string, url: string): Promise<void> {
  try {
    await readNodeDataset(folder);
  } catch (cause) {
    throw new DataError(url, `what came is not ${name} (${reasonOf(cause)})`, undefined, { cause });
  }
}
