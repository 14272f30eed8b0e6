import {
  checkMembers,
  checkWord,
  describeValue,
  threefry2x32,
  UsageError,
  uniform,
} from '@sketchgrad/core';
import { checkDataset } from './check-graph.js';
import type { NodeDataset } from './dataset.js';
import { inducedDataset } from './induced.js';
import type { GraphPartition } from './partition.js';

/** Some of the clusters of a graph with the edges between them. */
export interface ClusterBatch {
  /** The clusters in it, in the order of the draw. */
  readonly clusters: readonly number[];
  /** Its nodes by their numbers in the whole graph, ascending: node i of the batch is `nodes[i]`. */
  readonly nodes: Int32Array;
  /** The graph between these nodes, with their features, labels and split. A part may be empty. */
  readonly dataset: NodeDataset;
}

// The first word of the counter: layers count theirs up from 0, the order of text takes the last.
const stream = 0xfffffffe;

/**
 * The batches of an epoch: clusters in random order, several at a time, so that the edges between
 * those are there and a batch is not one neighbourhood (Cluster-GCN, arXiv 1905.07953, algorithm 1).
 * Each node is in one batch. One batch is in memory at a time.
 *
 * @param perBatch how many clusters a batch has; the last one may have fewer
 * @param key Threefry's, two unsigned 32-bit integers such as seed and epoch; the same key gives the
 *   same batches
 * @throws UsageError where `perBatch` is not an integer from 1 to the number of parts, or the partition
 *   is that of another graph
 */
export function* clusterBatches(
  dataset: NodeDataset,
  partition: GraphPartition,
  perBatch: number,
  key: readonly [number, number],
): Generator<ClusterBatch, void, void> {
  checkDataset(dataset);
  checkMembers('partition', partition, {
    accepted: 'what partitionGraph gives',
    members: { parts: 'number', partOf: 'object' },
  });
  if (!Array.isArray(key as unknown))
    throw new UsageError(`key must be [seed, epoch], but it is ${describeValue(key)}`);
  for (const [index, word] of key.entries()) checkWord(`key[${index}]`, word);
  const { parts, partOf } = partition;
  if (!Number.isInteger(perBatch) || perBatch < 1 || perBatch > parts) {
    throw new UsageError(
      `perBatch is ${describeValue(perBatch)}: expected an integer from 1 to ${parts} (parts)`,
    );
  }
  if (partOf.length !== dataset.graph.nodes) {
    throw new UsageError(
      `the partition has ${partOf.length} nodes: expected the graph's ${dataset.graph.nodes}`,
    );
  }
  const order = shuffledParts(parts, key);
  const places = new Int32Array(dataset.graph.nodes).fill(-1);
  for (let start = 0; start < parts; start += perBatch) {
    const clusters = order.slice(start, start + perBatch);
    const nodes = nodesOf(new Set(clusters), partOf);
    // A partition may have empty parts.
    if (nodes.length === 0) continue;
    yield { clusters, nodes, dataset: inducedDataset(dataset, nodes, places) };
  }
}

// Fisher and Yates' shuffle; the draw for place i is block i.
function shuffledParts(parts: number, [first, second]: readonly [number, number]): number[] {
  const order: number[] = [];
  for (let part = 0; part < parts; part++) {
    const [word] = threefry2x32(first, second, stream, part);
    const place = Math.floor(uniform(word) * (part + 1));
    order.push(order[place] ?? part);
    order[place] = part;
  }
  return order;
}

function nodesOf(clusters: ReadonlySet<number>, partOf: Int32Array): Int32Array {
  const nodes: number[] = [];
  for (let node = 0; node < partOf.length; node++)
    if (clusters.has(partOf[node]!)) nodes.push(node);
  return Int32Array.from(nodes);
}
