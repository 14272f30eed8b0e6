import { checkMembers, type NodeData, type ObjectKind, type OptionNames } from '@sketchgrad/core';
import { RUN_OPTIONS, type RunOptions } from '../settings/options.js';

/** Part of a graph that a step is of. */
export interface NodePart {
  /** Its nodes' numbers in the whole. */
  readonly nodes: Int32Array;
  readonly dataset: NodeData;
}

/** Parts of a graph, a step each. */
export interface NodeBatches {
  /** Tells one way to cut the graph from another. */
  readonly name: string;
  /** The batches of an epoch, the same for the same key, (seed, epoch). */
  of(key: readonly [number, number]): Iterable<NodePart>;
}

/**
 * Epochs are 200 unless given, the learning rate is 0.01 and constant, and the optimizer Adam with
 * β = (0.9, 0.999), ε = 1e-8 and no decoupled weight decay. Of `keep` there is `norm` alone.
 */
export interface NodeTrainingOptions extends RunOptions {
  readonly data: NodeData;
  /** Parts of the graph to step through in an epoch; all of it at once unless given. */
  readonly batches?: NodeBatches;
}

/** Every option of `trainNodes`. */
export const OPTIONS: OptionNames<NodeTrainingOptions> = {
  ...RUN_OPTIONS,
  ...{ data: true, batches: true },
};

const BATCHES: ObjectKind = {
  accepted: "batches of a graph, { name: 'halves', of: (key) => … }",
  members: { name: 'string', of: 'function' },
};

/** @throws UsageError for what does not cut a graph into parts, and is not undefined */
export function checkBatches(batches: NodeBatches | undefined): void {
  if (batches !== undefined) checkMembers('batches', batches, BATCHES);
}
