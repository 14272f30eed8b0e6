import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach } from 'vitest';
import type { GraphFiles } from './graph-files.js';

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
