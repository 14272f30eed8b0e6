import type { Step } from '../kernels/kernel.js';

/** What a worker is started with. */
export interface WorkerSetup {
  readonly memory: WebAssembly.Memory;
  readonly module: WebAssembly.Module;
  readonly control: Int32Array;
  readonly thread: number;
  readonly threads: number;
}

/** One thread's part of a program: a list of steps for each phase, and which op a phase belongs to. */
export interface ThreadProgram {
  readonly id: number;
  readonly phases: readonly (readonly Step[])[];
  /** Position in the schedule of each phase. */
  readonly nodes: readonly number[];
  /** Names of ops and scopes by position in the schedule, for messages. */
  readonly names: readonly string[];
  /** Seconds by position in the schedule, added to by thread 0; f64, shared. */
  readonly seconds: Float64Array;
  /** Blocks of the host store, as many as the program reaches. */
  readonly host: readonly SharedArrayBuffer[];
}

export type Request =
  | { readonly kind: 'load'; readonly program: ThreadProgram }
  | { readonly kind: 'unload'; readonly id: number }
  | { readonly kind: 'run'; readonly id: number };

/** A worker's first says that it runs; then come answers to each request, in order. */
export type Reply = { readonly error?: string; readonly aborted?: boolean };
