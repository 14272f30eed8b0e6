import { checkAmount, checkCount } from '../checks/check-members.js';
import type { Constant, PersistentKind } from '../graph/graph.js';
import type { Node } from '../graph/node.js';
import type { Value } from '../graph/value.js';

/** What a plan's bytes are for. `kept`: made in the forward pass and read in the backward pass. */
export type Category = PersistentKind | 'kept' | 'workspace' | 'input' | 'constant' | 'output';

/** Where tensors lie: the device's arena, or the larger and slower host store. */
export type Space = 'device' | 'host';

/** Memory in one piece that tensors of a step lie in. */
export interface PlannedBuffer {
  readonly space: Space;
  readonly bytes: number;
}

/** Where something lies. */
export interface Place {
  /** Which of the plan's buffers. */
  readonly buffer: number;
  /** Bytes from its start, a multiple of the device's alignment. */
  readonly offset: number;
}

/** The memory of a tensor. Values that share it (views, updates, overwritten inputs) are one. */
export interface Allocation extends Place {
  readonly space: Space;
  /** Bytes, rounded up to the device's alignment. */
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
  /** The device's buffers, of which there is one where none has a limit, and then the host store's. */
  readonly buffers: readonly PlannedBuffer[];
  readonly allocations: readonly Allocation[];
  /** Where each transient value lies. */
  readonly places: ReadonlyMap<Value, Allocation>;
  /** Where a node's kernel works, where it asks for memory to work in. */
  readonly scratch: ReadonlyMap<Node, Allocation>;
  /**
   * What dies at each position of the schedule, for backends that free tensor by tensor; one position
   * where nothing runs. Every allocation but constants' dies once, after its last reader; inputs do at
   * the end, as does what the caller reads back, once that is read.
   */
  readonly dies: readonly (readonly Allocation[])[];
  /** Tensors to upload once: nothing is written over them, in this run or from one to the next. */
  readonly constants: readonly Constant[];
  /** Bytes of parameters, optimizer state and accumulators. */
  readonly persistentBytes: number;
  /** Bytes of the device's buffers, its arena, which holds all else but what is moved to the host store. */
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

/** What tensors are aligned to on a device that does not say: a cache line, in bytes. */
export const ALIGNMENT = 64;

/**
 * Bytes up to the next multiple of an alignment, of {@link ALIGNMENT} unless given.
 * @throws UsageError for what is no finite number ≥ 0, or no alignment
 */
export function alignUp(bytes: number, alignment = ALIGNMENT): number {
  checkAmount('alignUp: bytes', bytes);
  checkCount('alignUp: alignment', alignment);
  return Math.ceil(bytes / alignment) * alignment;
}
