import { type CsrGraph, UsageError } from '@sketchgrad/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clusterBatches,
  edgeCut,
  inducedDataset,
  partitionGraph,
  undirectedGraph,
} from '../../src/index.js';
import { datasetOn, graphs } from './made-graphs.js';

/** Communities of `size` nodes that are cliques, each with one edge to the next; numbered in turns. */
function cliques(count: number, size: number): CsrGraph {
  const ends: number[] = [];
  const node = (clique: number, place: number) => (clique % count) + place * count;
  for (let clique = 0; clique < count; clique++) {
    for (let a = 0; a < size; a++) {
      for (let b = 0; b < a; b++) ends.push(node(clique, a), node(clique, b));
    }
    ends.push(node(clique, 0), node(clique + 1, 0));
  }
  return undirectedGraph(count * size, Int32Array.from(ends));
}

const edgesOf = ({ nodes, rowPointers, columnIndices }: CsrGraph) =>
  Array.from({ length: nodes }, (_, node) =>
    [...columnIndices.subarray(rowPointers[node], rowPointers[node + 1])].map(
      (other) => [node, other] as const,
    ),
  ).flat();

describe('partitionGraph', () => {
  it('puts every node in a part, none above its capacity, and the same each time', () => {
    fc.assert(
      fc.property(graphs, ([graph, parts]) => {
        const { partOf } = partitionGraph(graph, parts);
        const sizes = Array.from({ length: parts }, () => 0);
        for (const part of partOf) sizes[part]! += 1;
        expect(sizes).toHaveLength(parts);
        expect(sizes.reduce((sum, size) => sum + size)).toBe(graph.nodes);
        expect(Math.max(...sizes)).toBeLessThanOrEqual(Math.ceil((1.1 * graph.nodes) / parts));
        expect(partitionGraph(graph, parts).partOf).toEqual(partOf);
      }),
      { numRuns: 200 },
    );
  });

  it('finds communities', () => {
    const graph = cliques(8, 30);
    const { partOf } = partitionGraph(graph, 8);
    // One edge between neighbouring cliques is all that has to be cut.
    expect(edgeCut(graph, partOf)).toBeLessThanOrEqual(8 / (graph.columnIndices.length / 2));
  });

  it('refuses a number of parts that cannot be', () => {
    const graph = cliques(2, 3);
    for (const parts of [0, 7, 1.5, Number.NaN]) {
      expect(() => partitionGraph(graph, parts)).toThrow(UsageError);
    }
    expect(edgeCut(graph, partitionGraph(graph, 1).partOf)).toBe(0);
  });
});

describe('inducedDataset', () => {
  it('is what is left when the other nodes are struck out', () => {
    const cases = fc.tuple(graphs, fc.infiniteStream(fc.boolean()), fc.boolean());
    fc.assert(
      fc.property(cases, ([[graph], drawn, multiLabel]) => {
        const dataset = datasetOn(graph, multiLabel);
        const nodes = Int32Array.from({ length: graph.nodes }, (_, node) => node).filter(
          () => drawn.next().value,
        );
        const induced = inducedDataset(dataset, nodes);
        const whole = (place: number) => nodes[place]!;
        expect(edgesOf(induced.graph).map(([a, b]) => [whole(a), whole(b)])).toEqual(
          edgesOf(graph).filter((edge) => edge.every((node) => nodes.includes(node))),
        );
        expect([...induced.features.data]).toEqual(
          [...nodes].flatMap((node) => [2 * node, 2 * node + 1]),
        );
        const width = multiLabel ? 3 : 1;
        expect([...induced.labels]).toEqual(
          [...nodes].flatMap((node) => [
            ...dataset.labels.subarray(node * width, (node + 1) * width),
          ]),
        );
        for (const part of ['train', 'valid', 'test'] as const) {
          expect([...induced.split[part]].map(whole)).toEqual(
            [...dataset.split[part]].filter((node) => nodes.includes(node)),
          );
        }
      }),
      { numRuns: 200 },
    );
  });
});

describe('clusterBatches', () => {
  const graph = cliques(7, 10);
  const dataset = datasetOn(graph);
  const partition = partitionGraph(graph, 7);

  it('shows every node once, with the clusters that it says', () => {
    const batches = [...clusterBatches(dataset, partition, 3, [1, 0])];
    expect(batches.map(({ clusters }) => clusters.length)).toEqual([3, 3, 1]);
    expect(batches.flatMap(({ nodes }) => [...nodes]).sort((a, b) => a - b)).toEqual([
      ...Array(70).keys(),
    ]);
    for (const batch of batches) {
      const inClusters = [...Array(70).keys()].filter((node) =>
        batch.clusters.includes(partition.partOf[node]!),
      );
      expect([...batch.nodes]).toEqual(inClusters);
      expect(batch.dataset).toEqual(inducedDataset(dataset, batch.nodes));
    }
  });

  it('draws by the key alone', () => {
    const clustersOf = (key: readonly [number, number]) =>
      [...clusterBatches(dataset, partition, 1, key)].map(({ clusters }) => clusters[0]!);
    expect(clustersOf([1, 2])).toEqual(clustersOf([1, 2]));
    expect(clustersOf([1, 2])).not.toEqual(clustersOf([1, 3]));
    // Each of 7 clusters comes first in about one of 7 of 1400 draws: 200 ± 5 standard deviations of 13.1.
    const firsts = Array.from({ length: 7 }, () => 0);
    for (let epoch = 0; epoch < 1400; epoch++) {
      const { value } = clusterBatches(dataset, partition, 7, [5, epoch]).next();
      if (value) firsts[value.clusters[0]!]! += 1;
    }
    for (const count of firsts) expect(Math.abs(count - 200)).toBeLessThan(66);
  });

  it('passes over parts that are empty', () => {
    const empty = { parts: 3, partOf: new Int32Array(70).fill(2) };
    expect([...clusterBatches(dataset, empty, 1, [0, 0])]).toHaveLength(1);
  });

  it('refuses a senseless number of clusters, and the partition of another graph', () => {
    for (const perBatch of [0, 8, 1.5]) {
      expect(() => clusterBatches(dataset, partition, perBatch, [0, 0]).next()).toThrow(UsageError);
    }
    const other = partitionGraph(cliques(7, 9), 7);
    expect(() => clusterBatches(dataset, other, 1, [0, 0]).next()).toThrow(/63 nodes: .* 70/);
  });
});
