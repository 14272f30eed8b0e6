import type { Backend, DeviceState, Executable, Graph } from '@sketchgrad/core';
import type { StepShape } from '../model.js';
import type { Accumulation } from './trace-training-step.js';

/** What an executable of a run is for, and at which sizes. */
export interface Job {
  readonly work: Accumulation | 'evaluate';
  readonly shape: StepShape;
}

export interface ExecutableCacheOptions {
  readonly backend: Backend;
  /** The tensors that all the executables work on. */
  readonly state: DeviceState;
  /** Makes the graph of a job. */
  readonly trace: (job: Job) => Graph;
}

const nameOf = ({ work, shape }: Job) => `${work} ${shape.batchSize} × ${shape.sequence}`;

const covers = (a: Job, b: Job) =>
  a.work === b.work &&
  a.shape.batchSize >= b.shape.batchSize &&
  a.shape.sequence >= b.shape.sequence;

/** The jobs of which no other of the same work is at least as large in both sizes. */
export function largestJobs(jobs: Iterable<Job>): Job[] {
  const largest: Job[] = [];
  for (const job of jobs) {
    if (largest.some((other) => covers(other, job))) continue;
    const staying = largest.filter((other) => !covers(job, other));
    largest.splice(0, largest.length, ...staying, job);
  }
  return largest;
}

/** The executables of a run by work and shape, each compiled when it is first asked for. */
export class ExecutableCache {
  readonly #options: ExecutableCacheOptions;
  readonly #executables = new Map<string, Executable>();

  constructor(options: ExecutableCacheOptions) {
    this.#options = options;
  }

  /**
   * Compiles the largest of the jobs of a run, the one with the largest arena first: what the
   * others need is then allocated, so that a run that does not fit fails before its first step.
   *
   * @throws PlanError when one needs more than the backend can allocate
   */
  async prepare(jobs: Iterable<Job>): Promise<void> {
    const { backend, trace } = this.#options;
    const planned = largestJobs(jobs).map((job) => {
      const graph = trace(job);
      return { job, graph, bytes: backend.plan(graph).arenaBytes };
    });
    planned.sort((a, b) => b.bytes - a.bytes);
    for (const { job, graph } of planned) await this.#compile(nameOf(job), graph);
  }

  /** @throws PlanError when it needs more than the backend can allocate */
  async get(job: Job): Promise<Executable> {
    const name = nameOf(job);
    return this.#executables.get(name) ?? this.#compile(name, this.#options.trace(job));
  }

  async #compile(name: string, graph: Graph): Promise<Executable> {
    const { backend, state } = this.#options;
    const executable = await backend.compile(graph, { state });
    this.#executables.set(name, executable);
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
    for (const executable of all) await executable.dispose();
  }
}
