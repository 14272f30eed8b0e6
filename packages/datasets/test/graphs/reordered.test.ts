import { type CsrGraph, UsageError } from '@sketchgrad/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { breadthFirstOrder, reorderedDataset, undirectedGraph } from '../../src/index.js';
import { datasetOn, graphs } from './made-graphs.js';

const neighbours = ({ rowPointers, columnIndices }: CsrGraph, node: number) => [
  ...columnIndices.subarray(rowPointers[node], rowPointers[node + 1]),
];

describe('a data set in another order', () => {
  it('has the same edges, features, labels and split', () => {
    fc.assert(
      fc.property(graphs, fc.boolean(), ([graph], multiLabel) => {
        const data = datasetOn(graph, multiLabel);
        const order = breadthFirstOrder(graph);
        const found = reorderedDataset(data, order);
        for (let node = 0; node < graph.nodes; node++) {
          const own = neighbours(found.graph, node);
          expect(own).toEqual([...own].sort((a, b) => a - b));
          const before = own.map((neighbour) => order[neighbour]!).sort((a, b) => a - b);
          expect(before).toEqual(neighbours(graph, order[node]!));
          expect(found.features.data[2 * node]).toBe(2 * order[node]!);
        }
        const width = multiLabel ? 3 : 1;
        expect([...found.labels]).toEqual(
          [...order].flatMap((node) => [...data.labels.subarray(width * node, width * (node + 1))]),
        );
        for (const part of ['train', 'valid', 'test'] as const)
          expect([...found.split[part]].map((node) => order[node])).toEqual([...data.split[part]]);
      }),
      { numRuns: 200 },
    );
  });

  it('is refused where the order is none', () => {
    const data = datasetOn(undirectedGraph(3, Int32Array.of(0, 1)));
    for (const order of [
      [0, 1],
      [0, 1, 1],
      [0, 1, 3],
      [0, -1, 2],
    ])
      expect(() => reorderedDataset(data, Int32Array.from(order))).toThrow(UsageError);
  });
});

describe('breadth-first order', () => {
  it('brings a shuffled path back into a line', () => {
    const path = [3, 0, 4, 1, 2];
    const ends = path.slice(1).flatMap((node, at) => [path[at]!, node]);
    const order = breadthFirstOrder(undirectedGraph(5, Int32Array.from(ends)));
    expect([[...path], [...path].reverse()]).toContainEqual([...order]);
  });

  it('has every part of a graph, one behind the other', () => {
    const graph = undirectedGraph(6, Int32Array.of(0, 3, 3, 5, 1, 4));
    const order = [...breadthFirstOrder(graph)];
    expect(order).toEqual([2, 0, 3, 5, 1, 4]);
  });
});
