import {
  type Backend,
  type DeviceState,
  type Executable,
  type Graph,
  rankedLayers,
} from '@sketchgrad/core';
import type { StepShape } from '../model.js';
import type { Accumulation } from './trace-training-step.js';

/** What an executable of a run is for, and at which sizes. */
export interface Job {
  readonly work: Accumulation | 'evaluate';
  readonly shape: StepShape;
  /** Whether it observes the layers that are probed; false unless given. */
  readonly probe?: boolean;
}

export interface ExecutableCacheOptions {
  readonly backend: Backend;
  /** The tensors that all the executables work on. */
  readonly state: DeviceState;
  /** Makes the graph of a job. */
  readonly trace: (job: Job) => Graph;
}

const nameOf = ({ work, shape, probe }: Job) =>
  `${work}${probe ? ' probe' : ''} ${shape.batchSize} × ${shape.sequence}`;

const covers = (a: Job, b: Job) =>
  a.work === b.work &&
  (a.probe ?? false) === (b.probe ?? false) &&
  a.shape.batchSize >= b.shape.batchSize &&
  a.shape.sequence >= b.shape.sequence;

/** The jobs of which no other of the same work is at least as large in both sizes. */
export const largestJobs = (jobs: Iterable<Job>): Job[] => extremeJobs(jobs, covers);

/** The jobs of which no other of the same work is at most as large in both sizes. */
const smallestJobs = (jobs: Iterable<Job>): Job[] => extremeJobs(jobs, (a, b) => covers(b, a));

/** The jobs that no other one stands for. */
function extremeJobs(jobs: Iterable<Job>, standsFor: (a: Job, b: Job) => boolean): Job[] {
  const extreme: Job[] = [];
  for (const job of jobs) {
    if (extreme.some((other) => standsFor(other, job))) continue;
    const staying = extreme.filter((other) => !standsFor(job, other));
    extreme.splice(0, extreme.length, ...staying, job);
  }
  return extreme;
}

/** The executables of a run by work and shape, each compiled when it is first asked for. */
export class ExecutableCache {
  readonly #options: ExecutableCacheOptions;
  readonly #executables = new Map<string, Executable>();
  /** The largest of the jobs that were prepared, of each kind of work. */
  largest: readonly Job[] = [];
  readonly #ranked = new Map<string, readonly string[]>();

  constructor(options: ExecutableCacheOptions) {
    this.#options = options;
  }

  /**
   * Compiles the largest of the jobs of a run, the one with the largest arena first: what the
   * others need is then allocated, so that a run that does not fit fails before its first step. So
   * does one whose smallest batch cannot be traced.
   *
   * @throws PlanError when one needs more than the backend can allocate
   */
  async prepare(jobs: Iterable<Job>): Promise<void> {
    const { backend, state, trace } = this.#options;
    const all = [...jobs];
    for (const job of smallestJobs(all)) trace(job);
    this.largest = largestJobs(all);
    const planned = this.largest.map((job) => {
      const graph = trace(job);
      return { job, graph, bytes: backend.plan(graph, state).arenaBytes };
    });
    planned.sort((a, b) => b.bytes - a.bytes);
    for (const { job, graph } of planned) await this.#compile(nameOf(job), graph);
  }

  /** @throws PlanError when it needs more than the backend can allocate */
  async get(job: Job): Promise<Executable> {
    const name = nameOf(job);
    return this.#executables.get(name) ?? this.#compile(name, this.#options.trace(job));
  }

  /** The layers of an executable that it has given whose rows are ranked: see core's `priorityInput`. */
  rankedLayers(job: Job): readonly string[] {
    return this.#ranked.get(nameOf(job)) ?? [];
  }

  async #compile(name: string, graph: Graph): Promise<Executable> {
    const { backend, state } = this.#options;
    const executable = await backend.compile(graph, { state });
    this.#executables.set(name, executable);
    this.#ranked.set(name, rankedLayers(graph.inputs));
    return executable;
  }

  /** The largest planned peak of what has been compiled. */
  get peakBytes(): number {
    return this.#largest((executable) => executable.plan.peakBytes);
  }

  /** The most that one of the steps keeps for its backward pass. */
  get keptBytes(): number {
    return this.#largest((executable) => executable.plan.keptBytes);
  }

  /** The most that the runs so far have really touched. */
  get measuredPeakBytes(): number {
    return this.#largest((executable) => executable.measuredPeakBytes());
  }

  #largest(bytes: (executable: Executable) => number): number {
    return [...this.#executables.values()].reduce((most, each) => Math.max(most, bytes(each)), 0);
  }

  /** Disposes of every executable; the state stays. */
  async dispose(): Promise<void> {
    const all = [...this.#executables.values()];
    this.#executables.clear();
    this.#ranked.clear();
    for (const executable of all) await executable.dispose();
  }
}
