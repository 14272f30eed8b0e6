import { checkAmount } from '../checks/check-members.js';
import type { PersistentKind } from '../graph/graph.js';
import type { Node } from '../graph/node.js';
import type { Value } from '../graph/value.js';

/** What a plan's bytes are for. `kept`: made in the forward pass and read in the backward pass. */
export type Category = PersistentKind | 'kept' | 'workspace' | 'input' | 'constant' | 'output';

/** Where tensors lie: the device's arena, or the larger and slower host store. */
export type Space = 'device' | 'host';

/** A tensor's place in its space. Values that share memory (views, overwritten inputs) share it. */
export interface Allocation {
  readonly space: Space;
  /** Bytes from the start of its space; a multiple of {@link ALIGNMENT}. */
  readonly offset: number;
  /** Bytes, rounded up to {@link ALIGNMENT}. */
  readonly bytes: number;
  /** First and last position in `schedule` at which it is alive. */
  readonly first: number;
  readonly last: number;
  readonly category: Category;
  readonly values: readonly Value[];
}

/** A tensor that is kept for the backward pass, and what keeps it. */
export interface KeptTensor {
  readonly value: Value;
  readonly bytes: number;
  readonly space: Space;
  /** The forward op that made it and where it was traced. */
  readonly op: string;
  readonly scope: string;
}

/** Where every byte of a step goes, known before any of it is allocated. */
export interface MemoryPlan {
  /** Nodes in the order in which they run; leaves and dead nodes are left out. */
  readonly schedule: readonly Node[];
  readonly allocations: readonly Allocation[];
  /** Offset of each transient value in its space. */
  readonly offsets: ReadonlyMap<Value, number>;
  /** Offset in the arena of a node's scratch memory, where its kernel asks for some. */
  readonly scratch: ReadonlyMap<Node, { readonly offset: number; readonly bytes: number }>;
  /** Bytes of parameters, optimizer state and accumulators. */
  readonly persistentBytes: number;
  /** Bytes of the device's arena, which holds all else but what is moved to the host store. */
  readonly arenaBytes: number;
  /** Most bytes alive at once in the arena: the least that any arena could be. */
  readonly largestLiveBytes: number;
  /** Bytes of the host store, for what waits there; 0 where all fits the arena. */
  readonly hostBytes: number;
  /** persistentBytes + arenaBytes + hostBytes. */
  readonly peakBytes: number;
  /** Bytes kept for the backward pass, in both spaces. */
  readonly keptBytes: number;
  readonly kept: readonly KeptTensor[];
  /** Bytes on the device by category at the moment of the largest live set; sums to its bytes and the persistent ones. */
  readonly categories: Readonly<Record<Category, number>>;
}

/** Every tensor starts at a multiple of this many bytes: a cache line. */
export const ALIGNMENT = 64;

/**
 * Bytes up to the next multiple of {@link ALIGNMENT}.
 * @throws UsageError for what is no finite number ≥ 0
 */
export function alignUp(bytes: number): number {
  checkAmount('alignUp: bytes', bytes);
  return Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;
}
