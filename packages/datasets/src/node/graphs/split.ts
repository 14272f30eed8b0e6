import { join } from 'node:path';
import { DataError } from '@sketchgrad/core';
import type { NodeSplit } from '../../graphs/dataset.js';
import { indexColumn } from '../../graphs/number-sinks.js';
import { readNumbers } from './read-numbers.js';

const parts = ['train', 'valid', 'test'] as const;

/**
 * Reads `train.csv.gz`, `valid.csv.gz` and `test.csv.gz`, a node a line.
 *
 * @throws DataError, with file and line, on a node that does not exist, a node named twice or in two
 *   parts, a node without a label, and an empty part
 */
export async function readSplit(
  folder: string,
  nodes: number,
  hasLabel: (node: number) => boolean,
): Promise<NodeSplit> {
  const owner = new Uint8Array(nodes);
  const split = { train: new Int32Array(), valid: new Int32Array(), test: new Int32Array() };
  for (const [index, part] of parts.entries()) {
    const file = join(folder, `${part}.csv.gz`);
    const accept = (node: number, line: number) => {
      if (!hasLabel(node)) throw new DataError(file, `node ${node} has no label`, line);
      const owned = owner[node]!;
      owner[node] = index + 1;
      if (owned === 0) return;
      const other = parts[owned - 1]!;
      const others = other === part ? sink.values : split[other];
      const place = `${join(folder, `${other}.csv.gz`)}:${others.indexOf(node) + 1}`;
      throw new DataError(file, `node ${node} is in ${place} already`, line);
    };
    const sink = indexColumn(file, `a node from 0 to ${nodes - 1}`, nodes, accept);
    await readNumbers(file, sink);
    split[part] = Int32Array.from(sink.values);
    if (split[part].length === 0) throw new DataError(file, 'is empty: expected a node a line', 1);
  }
  return split;
}
