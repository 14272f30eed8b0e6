import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach } from 'vitest';

/** Contents of files by their paths; text is gzip'd where the path ends in `.gz`. */
export type GraphFiles = Readonly<Record<string, string | Uint8Array>>;

/** Five nodes in a ring of four directed edges and one edge twice; three features, two classes. */
export const ring: GraphFiles = {
  'raw/num-node-list.csv.gz': '5\n',
  'raw/num-edge-list.csv.gz': '6\n',
  'raw/edge.csv.gz': '3,4\n0,1\n1,2\n2,3\n1,0\n2,2\n',
  'raw/node-feat.csv.gz': '1,0,-0.5\n0,1,1e-3\n0.25,0,0\n3,3,3\n0.1,0.2,0.3\n',
  'raw/node-label.csv.gz': '0\n1\n1\n0\n1\n',
  'split/public/train.csv.gz': '4\n0\n',
  'split/public/valid.csv.gz': '1\n',
  'split/public/test.csv.gz': '2\n3\n',
};

/** Writes files below a root, and the folders that they are in. */
export async function writeGraph(root: string, files: GraphFiles): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(root, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, path.endsWith('.gz') ? packed(content) : content);
  }
}

// Bytes are taken as they are, so that a test can damage them.
function packed(content: string | Uint8Array): string | Uint8Array {
  return typeof content === 'string' ? gzipSync(content) : content;
}

/** A temporary folder for each test of the file; its path once the test runs. */
export function temporaryFolder(): { readonly path: string } {
  const folder = { path: '' };
  beforeEach(async () => {
    folder.path = await mkdtemp(join(tmpdir(), 'graph-'));
  });
  afterEach(() => rm(folder.path, { recursive: true }));
  return folder;
}

/** A NumPy file of version 1. */
export function npy(descr: string, shape: readonly number[], data: ArrayBufferView): Uint8Array {
  const header = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape.join(', ')}), }`;
  const padded = `${header.padEnd(117)}\n`;
  const start = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, padded.length, 0);
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return Buffer.concat([start, Buffer.from(padded, 'latin1'), bytes]);
}
