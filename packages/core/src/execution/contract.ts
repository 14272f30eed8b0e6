import type { Graph } from '../graph/graph.js';
import type { TensorType } from '../graph/types.js';
import type { MemoryPlan } from '../plan/memory-plan.js';

/** Numbers that go in and out of a run: f32 or i32, row after row. */
export type TensorData = Float32Array | Int32Array;

/** How long one op took in all, over the runs since the executable was compiled. */
export interface OpTime {
  readonly op: string;
  readonly calls: number;
  readonly seconds: number;
}

/** A part of a tensor, row after row, in elements. */
export interface TensorRange {
  /** Where it begins; 0 unless given. */
  readonly offset?: number;
  /** How many elements; all that follow unless given. */
  readonly count?: number;
}

/**
 * The tensors that stay on a device between runs, by name: parameters, optimizer state, data that does
 * not change. Executables compiled with the same state work on the same tensors; one is allocated,
 * filled with zeros, by `allocate` or when the first executable that names it is compiled.
 *
 * All that is asked of a state, and runs of the backend, happen in the order in which they are asked
 * for: what is written after `run` was called is seen by the next run, and what is read before it is
 * what was there before. Data is taken at the call, so that changing it afterwards changes nothing.
 */
export interface DeviceState {
  /** Names and types of what is allocated. */
  readonly tensors: ReadonlyMap<string, TensorType>;
  /**
   * Allocates tensors, filled with zeros; those that are there already stay as they are.
   * @throws ShapeError for one that is there with another type; PlanError where they do not fit
   */
  allocate(tensors: Readonly<Record<string, TensorType>>): Promise<void>;
  /**
   * Writes a tensor, or the part of it that begins at `offset`.
   * @throws UsageError for an unknown name or numbers of the other kind; ShapeError for a wrong count
   */
  write(name: string, data: TensorData, range?: Pick<TensorRange, 'offset'>): Promise<void>;
  /**
   * A copy of a tensor, f32 as a Float32Array, i32 as an Int32Array, or of a part of it.
   * @throws UsageError for an unknown name; ShapeError for a range that is not within the tensor
   */
  read(name: string, range?: TensorRange): Promise<TensorData>;
  /** Gives its memory to others. Whatever uses it afterwards is refused. */
  dispose(): Promise<void>;
}

/** What a run is told beside its inputs. */
export interface RunOptions {
  /** Names of the outputs that are wanted; all of the graph's unless given. */
  readonly read?: readonly string[];
}

/** A graph that is ready to run on a backend. */
export interface Executable {
  readonly plan: MemoryPlan;
  /**
   * Runs the graph once, after all that was asked of the backend before.
   * @param inputs all of the graph's inputs by name; copied at the call
   * @returns copies of the outputs that are wanted, by name
   * @throws UsageError for a missing or unknown input or output, or numbers of the other kind;
   * ShapeError for a wrong count of them; BackendError when a kernel fails; DeviceLostError
   */
  run(
    inputs: Readonly<Record<string, TensorData>>,
    options?: RunOptions,
  ): Promise<Record<string, TensorData>>;
  /** Bytes that the runs so far really touched at most: persistent tensors, arena, host store. */
  measuredPeakBytes(): number;
  /** Time by op, longest first. */
  profile(): Promise<readonly OpTime[]>;
  dispose(): Promise<void>;
}

/** What there is of a device at most, in bytes; `Infinity` where that is not known. */
export interface DeviceLimits {
  /** What a plan's peak may take: arena, state and host store. */
  readonly memoryBytes: number;
  /** What the arena may take. */
  readonly arenaBytes: number;
}

/**
 * What executes graphs: picked by name at run time with `loadBackend`. A backend, its states and its
 * executables may be disposed of in any order.
 */
export interface Backend {
  readonly name: string;
  readonly limits: DeviceLimits;
  /**
   * What its results' bits depend on beside graph and inputs, by name, defaults of the machine filled
   * in: `threads`, `precision`. Absent where that is nothing. A run is continued under the same only.
   */
  readonly settings?: Readonly<Record<string, number | string>>;
  /** Versions of the libraries beneath it, by their packages' names; for people. */
  readonly versions?: Readonly<Record<string, string>>;
  createState(): DeviceState;
  /**
   * The plan that `compile` would follow with this state (a new one unless given) beside the states
   * that there are, without allocating anything: where the arena would be too large, with tensors moved
   * to the host store (`hostBytes`), or what it would take if none could.
   *
   * @throws UsageError for another backend's state; ShapeError where it has a tensor of another type;
   * PlanError for a tensor that is larger than any buffer of the device
   */
  plan(graph: Graph, state?: DeviceState): MemoryPlan;
  /**
   * @throws PlanError when the plan needs more than the backend can allocate; UsageError for another
   * backend's state, or one that was disposed of; ShapeError where it has a tensor of another type
   */
  compile(graph: Graph, options: { state: DeviceState }): Promise<Executable>;
  dispose(): Promise<void>;
}

/** What a backend package exports. */
export interface BackendModule {
  createBackend(options?: Readonly<Record<string, unknown>>): Promise<Backend>;
}
