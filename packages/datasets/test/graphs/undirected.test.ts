import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { undirectedGraph } from '../../src/index.js';

function neighbours(nodes: number, ends: readonly number[]): number[][] {
  const sets = Array.from({ length: nodes }, () => new Set<number>());
  for (let edge = 0; edge < ends.length; edge += 2) {
    const [source, target] = [ends[edge]!, ends[edge + 1]!];
    if (source === target) continue;
    sets[source]!.add(target);
    sets[target]!.add(source);
  }
  return sets.map((set) => [...set].sort((a, b) => a - b));
}

describe('undirectedGraph', () => {
  it('is what sets of neighbours say', () => {
    const lists = fc
      .integer({ min: 1, max: 12 })
      .chain((nodes) =>
        fc.tuple(
          fc.constant(nodes),
          fc.array(fc.integer({ min: 0, max: nodes - 1 }), { maxLength: 60 }),
        ),
      );
    fc.assert(
      fc.property(lists, ([nodes, list]) => {
        const ends = list.slice(0, list.length - (list.length % 2));
        const graph = undirectedGraph(nodes, Int32Array.from(ends));
        const { rowPointers, columnIndices } = graph;
        const rows = Array.from({ length: nodes }, (_, node) => [
          ...columnIndices.subarray(rowPointers[node], rowPointers[node + 1]),
        ]);
        expect(graph.nodes).toBe(nodes);
        expect(rows).toEqual(neighbours(nodes, ends));
        expect([rowPointers.length, rowPointers[0]]).toEqual([nodes + 1, 0]);
        expect(rowPointers[nodes]).toBe(columnIndices.length);
        expect(columnIndices.buffer.byteLength).toBe(4 * columnIndices.length);
      }),
      { numRuns: 500 },
    );
  });
});
