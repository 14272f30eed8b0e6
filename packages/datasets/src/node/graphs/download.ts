import { join } from 'node:path';
import { checkText, DataError, nearName, UsageError } from '@sketchgrad/core';
import { reasonOf } from '../../text.js';
import {
  addressBelow,
  assembleFolder,
  type DownloadOptions,
  fetchOptionsOf,
} from '../download/assemble.js';
import { fetchFile, type Published } from '../download/fetch-file.js';
import { unzipFiles } from '../download/unzip.js';
import { kindOfPath } from '../files.js';
import { readNodeDataset } from './read-ogb.js';

// The addresses in OGB's own list, ogb/nodeproppred/master.csv of https://github.com/snap-stanford/ogb.
const publicBaseUrl = 'http://snap.stanford.edu/ogb/data/nodeproppred/';

interface OgbSource {
  /** The name of the archive, and of the folder in it. */
  readonly archive: string;
  readonly split: string;
  readonly published: Published;
}

// OGB publishes no hashes. These are what several projects have recorded independently of each other,
// with the numbers of nodes and edges that OGB names.
const sources: Readonly<Record<string, OgbSource>> = {
  'ogbn-arxiv': {
    archive: 'arxiv',
    split: 'time',
    published: {
      bytes: 83_058_288,
      sha256: '49f85c801589ecdcc52cfaca99693aaea7b8af16a9ac3f41dd85a5f3193fe276',
    },
  },
  'ogbn-products': {
    archive: 'products',
    split: 'sales_ranking',
    published: { sha256: '5ea0a112edaec2141c0a2a612dd4aed58df97ff3e1ab1a0ca8238f43cbbb50a8' },
  },
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
 *   is not whole, too large, not what was published or not the data set; the signal's reason where it is aborted
 */
export async function downloadOgb(
  name: string,
  directory: string,
  options: DownloadOptions = {},
): Promise<string> {
  checkText('name', name);
  checkText('directory', directory);
  const source = Object.hasOwn(sources, name) ? sources[name] : undefined;
  if (source === undefined) {
    throw new UsageError(
      `no download of '${name}'${nearName(name, ogbNames)}: expected one of ${ogbNames.join(', ')}`,
    );
  }
  const folderName = name.replaceAll('-', '_');
  const folder = join(directory, folderName);
  // What a download leaves behind is whole; what somebody else has left, its reader will judge.
  if ((await kindOfPath(folder)) !== 'nothing') return folder;
  const { archive, split, published } = source;
  const { baseUrl, signal } = options;
  const url = addressBelow(baseUrl ?? publicBaseUrl, `${archive}.zip`);
  return assembleFolder(directory, folderName, async ({ temporary, assembled }) => {
    const zip = join(temporary, 'archive.zip');
    const fetching = fetchOptionsOf(url, options);
    await fetchFile(url, zip, { ...fetching, ...(baseUrl === undefined && { published }) });
    const names = [...rawFiles, ...splitFiles.map((file) => `split/${split}/${file}`)];
    const { maxBytes } = fetching;
    await unzipFiles(zip, { folder: archive, names, into: assembled, origin: url, maxBytes });
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
