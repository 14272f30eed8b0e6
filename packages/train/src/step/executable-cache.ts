import {
  type Backend,
  type DeviceState,
  type Executable,
  type Graph,
  rankedLayers,
  takesKey,
} from '@sketchgrad/core';
import type { Accumulation } from './trace-training-step.js';

/** What an executable of a run is for, and at which sizes. */
export interface Job<Sizes> {
  readonly work: Accumulation | 'evaluate';
  readonly shape: Sizes;
  /** How many the loss is a mean over: where gradients are added up, they are weighed by it. */
  readonly examples: number;
  /** Whether it observes the layers that are probed; false unless given. */
  readonly probe?: boolean;
}

export interface ExecutableCacheOptions<Sizes> {
  readonly backend: Backend;
  /** The tensors that all the executables work on. */
  readonly state: DeviceState;
  /** Makes the graph of a job. */
  readonly trace: (job: Job<Sizes>) => Graph;
}

const kindOf = ({ work, probe }: Job<object>) => `${work}${probe ? ' probe' : ''}`;

/** How many examples it is of, where its graph hangs on that; else 0. */
const weightOf = ({ work, examples }: Job<object>): number =>
  work === 'add' || work === 'apply' ? examples : 0;

const nameOf = (job: Job<object>) =>
  `${kindOf(job)} ${weightOf(job)} ${JSON.stringify(Object.entries(job.shape).sort())}`;

/** Whether a step of the one sizes takes at least what one of the other takes. */
function coversSizes(a: object, b: object): boolean {
  const other = b as Readonly<Record<string, unknown>>;
  return Object.entries(a).every(([name, size]) =>
    typeof size === 'number' ? size >= (other[name] as number) : size === other[name],
  );
}

const covers = (a: Job<object>, b: Job<object>) =>
  kindOf(a) === kindOf(b) && weightOf(a) >= weightOf(b) && coversSizes(a.shape, b.shape);

/** The jobs of which no other of the same work is at least as large in both sizes. */
export const largestJobs = <Sizes extends object>(jobs: Iterable<Job<Sizes>>): Job<Sizes>[] =>
  extremeJobs(jobs, covers);

/** The jobs of which no other of the same work is at most as large in both sizes. */
const smallestJobs = <Sizes extends object>(jobs: Iterable<Job<Sizes>>): Job<Sizes>[] =>
  extremeJobs(jobs, (a, b) => covers(b, a));

/** The jobs that no other one stands for. */
function extremeJobs<Sizes extends object>(
  jobs: Iterable<Job<Sizes>>,
  standsFor: (a: Job<object>, b: Job<object>) => boolean,
): Job<Sizes>[] {
  const extreme: Job<Sizes>[] = [];
  for (const job of jobs) {
    if (extreme.some((other) => standsFor(other, job))) continue;
    const staying = extreme.filter((other) => !standsFor(job, other));
    extreme.splice(0, extreme.length, ...staying, job);
  }
  return extreme;
}

/** What has been compiled. */
interface Compiled<Sizes> {
  readonly job: Job<Sizes>;
  readonly executable: Executable;
  readonly ranked: readonly string[];
  /** Whether anything is drawn. */
  readonly isDrawn: boolean;
}

/** The executables of a run by work and sizes, each compiled when it is first asked for. */
export class ExecutableCache<Sizes extends object> {
  readonly #options: ExecutableCacheOptions<Sizes>;
  readonly #compiled = new Map<string, Compiled<Sizes>>();
  /** The largest of the jobs that were prepared, of each kind of work. */
  largest: readonly Job<Sizes>[] = [];
  /** The largest planned peak of what has been compiled. */
  peakBytes = 0;
  /** The most that one of the steps keeps for its backward pass. */
  keptBytes = 0;
  /** How many have been compiled. */
  executables = 0;
  /** The step that keeps most. */
  keepsMost: Job<Sizes> | undefined;

  constructor(options: ExecutableCacheOptions<Sizes>) {
    this.#options = options;
  }

  /**
   * Compiles the largest of the jobs of a run, the one with the largest arena first: what the
   * others need is then allocated, so that a run that does not fit fails before its first step. So
   * does one whose smallest batch cannot be traced.
   *
   * @throws PlanError when one needs more than the backend can allocate
   */
  async prepare(jobs: Iterable<Job<Sizes>>): Promise<void> {
    const { backend, state, trace } = this.#options;
    const all = [...jobs];
    for (const job of smallestJobs(all)) trace(job);
    this.largest = largestJobs(all);
    const planned = this.largest.map((job) => {
      const graph = trace(job);
      return { job, graph, bytes: backend.plan(graph, state).arenaBytes };
    });
    planned.sort((a, b) => b.bytes - a.bytes);
    for (const { job, graph } of planned) await this.#compile(job, graph);
  }

  /** @throws PlanError when it needs more than the backend can allocate */
  async get(job: Job<Sizes>): Promise<Executable> {
    const known = this.#compiled.get(nameOf(job));
    return known?.executable ?? this.#compile(job, this.#options.trace(job));
  }

  /**
   * What an executable that it has given is to be handed beside a batch's inputs: priorities of the layers
   * whose rows are ranked (core's `priorityInput`), and a key where it draws.
   */
  needs(job: Job<Sizes>): Pick<Compiled<Sizes>, 'ranked' | 'isDrawn'> {
    return this.#compiled.get(nameOf(job)) ?? { ranked: [], isDrawn: false };
  }

  async #compile(job: Job<Sizes>, graph: Graph): Promise<Executable> {
    const { backend, state } = this.#options;
    const executable = await backend.compile(graph, { state });
    this.executables++;
    this.#compiled.set(nameOf(job), {
      ...{ job, executable },
      ranked: rankedLayers(graph.inputs),
      isDrawn: takesKey(graph.inputs),
    });
    const { peakBytes, keptBytes } = executable.plan;
    this.peakBytes = Math.max(this.peakBytes, peakBytes);
    if (job.work !== 'evaluate' && keptBytes > this.keptBytes) {
      this.keptBytes = keptBytes;
      this.keepsMost = job;
    }
    return executable;
  }

  /** The most that the runs so far have really touched. */
  get measuredPeakBytes(): number {
    const all = [...this.#compiled.values()];
    return Math.max(0, ...all.map(({ executable }) => executable.measuredPeakBytes()));
  }

  /** Disposes of every executable; the state stays. */
  async dispose(): Promise<void> {
    const all = [...this.#compiled.values()];
    this.#compiled.clear();
    for (const { executable } of all) await executable.dispose();
  }
}
