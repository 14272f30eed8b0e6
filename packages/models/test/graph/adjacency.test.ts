import fc from 'fast-check';
import { expect, it } from 'vitest';
import { normalizedAdjacency } from '../../src/index.js';

/** An undirected graph from pairs, as the data sets give it. */
function graphOf(nodes: number, pairs: readonly (readonly [number, number])[]) {
  const neighbours = Array.from({ length: nodes }, () => new Set<number>());
  for (const [a, b] of pairs)
    if (a % nodes !== b % nodes) {
      neighbours[a % nodes]!.add(b % nodes);
      neighbours[b % nodes]!.add(a % nodes);
    }
  const rows = neighbours.map((set) => [...set].sort((a, b) => a - b));
  const rowPointers = new Int32Array(nodes + 1);
  rows.forEach((row, index) => {
    rowPointers[index + 1] = rowPointers[index]! + row.length;
  });
  return { nodes, rowPointers, columnIndices: Int32Array.from(rows.flat()) };
}

it('is symmetric, ascending, and has D^½ 1 as an eigenvector of 1', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 20 }),
      fc.array(fc.tuple(fc.nat(100), fc.nat(100)), { maxLength: 60 }),
      (nodes, pairs) => {
        const graph = graphOf(nodes, pairs);
        const { rowPointers, columnIndices, values } = normalizedAdjacency(graph);
        expect(columnIndices.length).toBe(graph.columnIndices.length + nodes);
        const dense = new Map<string, number>();
        const degree = (node: number) => rowPointers[node + 1]! - rowPointers[node]!;
        for (let row = 0; row < nodes; row++) {
          let total = 0;
          for (let entry = rowPointers[row]!; entry < rowPointers[row + 1]!; entry++) {
            const column = columnIndices[entry]!;
            if (entry > rowPointers[row]!)
              expect(column).toBeGreaterThan(columnIndices[entry - 1]!);
            dense.set(`${row} ${column}`, values[entry]!);
            total += values[entry]! * Math.sqrt(degree(column));
          }
          expect(total).toBeCloseTo(Math.sqrt(degree(row)), 5);
        }
        for (const [place, value] of dense) {
          const [row, column] = place.split(' ');
          expect(dense.get(`${column} ${row}`)).toBe(value);
        }
      },
    ),
  );
});

it('refuses what is no such graph', () => {
  const graph = graphOf(3, [[0, 1]]);
  const columns =
    (...columnIndices: number[]) =>
    () =>
      normalizedAdjacency({ ...graph, columnIndices: Int32Array.from(columnIndices) });
  expect(columns(0, 1)).toThrow('node 0 has a self-loop');
  expect(columns(3, 1)).toThrow('entry 0 of the graph leads to node 3; there are 0 to 2');
  expect(columns(1)).toThrow('expected 4 of them, up to the 1 columns');
});
