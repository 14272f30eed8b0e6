import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createGzip } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { temporaryFolder, writeGraph } from './graph-folder.js';

const folder = temporaryFolder();
// The built package: a child process of its own, whose peak is that of loading and nothing else.
const built = (entry: string) =>
  JSON.stringify(new URL(`../../dist/${entry}.js`, import.meta.url).href);

// Large beside the runtime's own 55 MB, which is no business of the reader's.
const nodes = 100_000;
const edges = 400_000;
const columns = 160;

/** Writes lines as a gzip'd file, a few at a time: the text is several times what is read from it. */
async function writeLines(path: string, count: number, line: (row: number) => string) {
  const gzip = createGzip({ level: 1 });
  const file = gzip.pipe(createWriteStream(join(folder.path, path)));
  for (let row = 0; row < count; ) {
    let text = '';
    for (const end = Math.min(count, row + 500); row < end; row++) text += `${line(row)}\n`;
    if (!gzip.write(text)) await once(gzip, 'drain');
  }
  gzip.end();
  await once(file, 'finish');
}

describe('loading a data set', () => {
  it('takes less than three times the memory that the data set has, the runtime included', async () => {
    await writeGraph(folder.path, {
      'raw/num-node-list.csv.gz': `${nodes}\n`,
      'raw/num-edge-list.csv.gz': `${edges}\n`,
      'split/s/train.csv.gz': '0\n',
      'split/s/valid.csv.gz': '1\n',
      'split/s/test.csv.gz': '2\n',
    });
    const feature = Array.from({ length: 97 }, (_, row) => (Math.sin(row) / 7).toFixed(6));
    const row = Array.from({ length: columns }, (_, column) => feature[(column * 31) % 97]).join();
    await writeLines('raw/node-label.csv.gz', nodes, (node) => `${node % 7}`);
    await writeLines(
      'raw/edge.csv.gz',
      edges,
      (edge) => `${(edge * 7919) % nodes},${edge % nodes}`,
    );
    await writeLines('raw/node-feat.csv.gz', nodes, () => row);
    const program = `
      const { nodeDatasetBytes } = await import(${built('index')});
      const { readNodeDataset } = await import(${built('node')});
      const bytes = nodeDatasetBytes(await readNodeDataset(${JSON.stringify(folder.path)}));
      console.log(JSON.stringify({ bytes, peak: process.resourceUsage().maxRSS * 1024 }));`;
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', program],
      { cwd: fileURLToPath(new URL('..', import.meta.url)) },
    );
    const { bytes, peak } = JSON.parse(stdout) as { bytes: number; peak: number };
    expect(bytes).toBeGreaterThan(4 * nodes * columns);
    expect(peak / bytes).toBeLessThan(3);
  });
});
