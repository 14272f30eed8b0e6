import type { Node, Value } from '@sketchgrad/core';

/** A call of a WebAssembly kernel; a result other than 0 means that it failed. */
export interface KernelCall {
  readonly kernel: string;
  readonly arguments: readonly number[];
  /** What the kernel checks: its result is 1 + the position of a bad one. */
  readonly checks?: Check;
}

/** Numbers that a kernel looks at before it uses them. */
export type Check = IndexCheck | NumberCheck;

/** Indices, i32, that must lie in [0, limit) or, rising ones, run from 0 to limit at most. */
export interface IndexCheck {
  /** What an index is called: `label`. */
  readonly what: string;
  readonly address: number;
  readonly limit: number;
  /** Whether they must rise, from 0 at the first to at most `limit` at the last; false unless given. */
  readonly rising?: boolean;
  /** How much one may be above the one before it. */
  readonly step?: number;
  /** What the last one must be at least. */
  readonly least?: number;
}

/** Numbers, f32, that not every number may be among. */
export interface NumberCheck {
  /** What a number is called: `weight`. */
  readonly what: string;
  readonly address: number;
  /** What is accepted, to go on after "is not": `a finite number ≥ 0`. */
  readonly accepted: string;
}

/** A row-major f32 matrix in WebAssembly memory. */
export interface MatrixAt {
  readonly address: number;
  readonly rows: number;
  readonly columns: number;
}

/** c = a · b (+ bias), either of a and b transposed first, on one thread. */
export interface GemmCall {
  readonly a: MatrixAt;
  readonly b: MatrixAt;
  readonly c: MatrixAt;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
  /** Address of f32 [c.columns], added to each row. */
  readonly bias?: number;
  /** Adds the product to what c holds. */
  readonly accumulate?: boolean;
}

/** A copy between the arena and the host store, on one thread. */
export interface CopyCall {
  readonly direction: 'toHost' | 'fromHost';
  /** In WebAssembly memory. */
  readonly address: number;
  /** Bytes from the start of the host store. */
  readonly hostOffset: number;
  readonly bytes: number;
}

/** What one thread does next. */
export type Step = KernelCall | GemmCall | CopyCall;

/**
 * Work that all threads do at once, each its own steps; every thread waits for the others at its
 * end. A function, so that a phase is written once for any number of threads.
 */
export type Phase = (thread: number) => readonly Step[];

/** Where a kernel finds its tensors. */
export interface LoweringContext {
  readonly threads: number;
  /** Address of a value's first byte, a multiple of 64. */
  address(value: Value): number;
  /** Where a value of the host store lies, in bytes from the store's start, a multiple of 64. */
  hostOffset(value: Value): number;
  /** Address of the node's scratch memory, a multiple of 64. */
  scratch(node: Node): number;
  /** Address of the Gaussian quantile table, f32 [4096]. */
  readonly gaussianTable: number;
}

/** How the CPU runs one op. */
export interface Kernel {
  readonly op: string;
  /** Bytes of scratch memory that the node needs while it runs; counted in the plan. */
  scratchBytes?(node: Node, threads: number): number;
  lower(node: Node, context: LoweringContext): readonly Phase[];
}

/**
 * A phase in which every thread calls the same kernel with its own number, the count of threads,
 * and the same arguments; the kernel takes its share.
 */
export const onEveryThread =
  (context: LoweringContext, kernel: string, args: readonly number[], checks?: Check): Phase =>
  (thread) => [
    { kernel, arguments: [thread, context.threads, ...args], ...(checks ? { checks } : {}) },
  ];

/** The `thread`-th of `threads` nearly equal parts of 0 … count: [begin, end). */
export function part(count: number, thread: number, threads: number): [number, number] {
  return [Math.floor((count * thread) / threads), Math.floor((count * (thread + 1)) / threads)];
}
