import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadGraph } from '@sketchgrad/bench/node';
import { DataError } from '@sketchgrad/core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeGraph } from '../command.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gcn-load-graph-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** The first rows of features, of a graph whose nodes have these as text. */
async function loaded(first: readonly string[], options: object) {
  const rows = Array.from({ length: 60 }, (_, node) => first[node] ?? '1,1,1,1');
  const graph = writeGraph(mkdtempSync(join(folder, 'graph-')), {
    'raw/node-feat.csv.gz': rows.map((row) => `${row}\n`).join(''),
  });
  const { features } = await loadGraph(
    { dataset: graph, model: 'gcn', ...options } as never,
    () => {},
  );
  return Array.from({ length: first.length }, (_, node) => [
    ...features.data.subarray(4 * node, 4 * node + 4),
  ]);
}

describe('features', () => {
  it('are divided by their sums, a node without any left as it is', async () => {
    const rows = ['1,3,0,4', '0,0,0,0', '0.5,0,0,0'];
    expect(await loaded(rows, { normalizeRows: true })).toEqual([
      [0.125, 0.375, 0, 0.5],
      [0, 0, 0, 0],
      [1, 0, 0, 0],
    ]);
  });

  it('are as they are unless that is said', async () => {
    expect(await loaded(['1,3,0,4'], {})).toEqual([[1, 3, 0, 4]]);
  });

  it('below 0 have no sum to divide by', async () => {
    const refused = loaded(['1,1,1,1', '2,-1,0,0'], { normalizeRows: true });
    await expect(refused).rejects.toThrow(DataError);
    await expect(refused).rejects.toThrow('node 1 has the feature -1');
  });
});
