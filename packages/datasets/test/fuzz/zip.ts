import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Files, FuzzReader } from '@sketchgrad/testing/fuzz';
import { unzipSync, zipSync } from 'fflate';
import { unzipFiles } from '../../src/node/download/unzip.js';

const contents: Files = {
  'SST-2/train.tsv': Buffer.from(`sentence\tlabel\n${'a dull affair \t0\n'.repeat(200)}`),
  'SST-2/dev.tsv': Buffer.from('sentence\tlabel\ngood \t1\n'),
  'SST-2/original/README.txt': Buffer.from('Stanford Sentiment Treebank\n'),
};
const names = ['train.tsv', 'dev.tsv'];

const archive = (level: 0 | 6): Files => ({
  'archive.zip': zipSync({ ...contents }, { level, mtime: new Date(1980, 0, 1) }),
});

/** Zip archives, deflated and stored. */
export const zip: FuzzReader<Files> = {
  name: 'zip',
  samples: () => [archive(6), archive(0)],
  tokens: ['PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', 'PK\x07\x08', 'SST-2/dev.tsv', '../x', '/x'],
  read: async ({ folder }) => {
    const into = join(folder, 'unpacked');
    await mkdir(into);
    await unzipFiles(join(folder, 'archive.zip'), {
      folder: 'SST-2',
      names,
      into,
      origin: 'fuzz',
      maxBytes: 2 ** 24,
    });
    const files = names.map(async (name) => [name, await readFile(join(into, name))] as const);
    return Object.fromEntries(await Promise.all(files));
  },
  // CRC-32 lets no damaged entry through: what comes out is what was packed.
  check: (files, { whole }) => {
    const packed = unzipSync(whole['archive.zip']!);
    for (const name of names) {
      const candidates = [packed, contents].flatMap((parts) => Object.values(parts));
      assert.ok(
        candidates.some((content) => Buffer.compare(content, files[name]!) === 0),
        name,
      );
    }
  },
};
