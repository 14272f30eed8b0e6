import type { Node } from './node.js';
import type { Value } from './value.js';

/**
 * What a persistent tensor is for; the memory plan adds up its bytes under this name. `data` does not
 * change: a graph's features and adjacency.
 */
export const PERSISTENT_KINDS = [
  'parameter',
  'optimizer',
  'accumulator',
  'statistic',
  'data',
] as const;
export type PersistentKind = (typeof PERSISTENT_KINDS)[number];

/** A tensor that stays on the device from one run to the next, found by its name. */
export interface Persistent {
  readonly name: string;
  readonly kind: PersistentKind;
  readonly value: Value;
}

/** A tensor that the caller hands in at every run. */
export interface GraphInput {
  readonly name: string;
  readonly value: Value;
}

/** A constant that travels with the graph, such as the rows that a pooler picks. */
export interface Constant {
  readonly value: Value;
  readonly data: Float32Array | Int32Array;
}

/**
 * A traced step: nodes in an order in which they can run, the tensors it reads, and those that the
 * caller reads back.
 */
export interface Graph {
  readonly nodes: readonly Node[];
  readonly inputs: readonly GraphInput[];
  readonly persistents: readonly Persistent[];
  readonly constants: readonly Constant[];
  /** Values that `run` returns, by name. */
  readonly outputs: Readonly<Record<string, Value>>;
}
