import {
  checkFunction,
  checkMembers,
  checkOptions,
  describeValue,
  type Executable,
  type ObjectKind,
  UsageError,
} from '@sketchgrad/core';
import { type Spread, spread } from './spread.js';
import { timeShares } from './time-shares.js';

/** A training step that is compiled, with its weights in place. */
export interface PreparedStep {
  readonly executable: Executable;
  /** Does one step, with inputs that are made already. */
  run(): Promise<void>;
  dispose(): Promise<void>;
}

/** One of the steps that are compared. */
export interface Contender {
  readonly name: string;
  /** Compiles and writes the weights. Graph and inputs are better made before. */
  prepare(): Promise<PreparedStep>;
}

/** Looks at what the process has resident; `ResidentPeak` of `@sketchgrad/bench/node` is one. */
export interface ResidentMemory {
  /**
   * Frees what nothing refers to any more, and forgets the peak so far.
   * @returns what is resident then, in bytes
   */
  collect(): number;
  /** Looks now, where the system keeps no peak. */
  sample(): void;
  /** The most since `collect`, in bytes. */
  readonly bytes: number;
  /** Ends the looking; `bytes` stays readable. */
  stop(): void;
}

export interface MeasureOptions {
  /** Steps of each contender that are timed; at least 1. */
  readonly steps: number;
  /** Steps of each before those; 2 unless given. */
  readonly warmUp?: number;
  /** Told after every step, warm-up included, how many are done of how many. */
  readonly onStep?: (done: number, total: number) => void;
  /** Looks at the process's memory meanwhile, and is stopped at the end; nothing does unless given. */
  readonly memory?: ResidentMemory;
}

/** What a contender's steps took. */
export interface StepMeasurement {
  readonly name: string;
  /** Wall time of a step. */
  readonly secondsPerStep: Spread;
  readonly plannedPeakBytes: number;
  /** What the backend says it really touched. */
  readonly measuredPeakBytes: number;
  /**
   * The most that the whole process had resident during the steps, warm-up included, less what it
   * had before `prepare`; garbage is collected before and after that. Null where no `memory` was given,
   * and where several contenders were measured: they share the process, and nobody can say whose a page
   * is. Measure each in a process of its own to know.
   */
  readonly residentPeakBytes: number | null;
  /** Bytes kept for the backward pass, by the plan. */
  readonly keptBytes: number;
  /** Share of the time by op, largest first. */
  readonly time: Readonly<Record<string, number>>;
}

/**
 * Times steps. Several contenders take turns, a step each, so that whatever else the machine does
 * meets all of them alike.
 *
 * @returns one measurement for each contender, in their order
 * @throws UsageError for no contenders, two of one name, or counts that are not whole numbers; what
 * preparing or running throws, once everything that was prepared is disposed of
 */
export async function measureSteps(
  contenders: readonly Contender[],
  options: MeasureOptions,
): Promise<StepMeasurement[]> {
  checkOptions('measureSteps', options, { steps: true, warmUp: true, onStep: true, memory: true });
  const { steps, warmUp = 2, onStep, memory } = options;
  checkFunction('onStep', onStep);
  if (memory !== undefined) checkMembers('memory', memory, MEMORY);
  check(contenders, steps, warmUp);
  const prepared: PreparedStep[] = [];
  try {
    const before = memory?.collect() ?? 0;
    for (const contender of contenders) prepared.push(await contender.prepare());
    // What loading the weights has left behind is not the steps'.
    memory?.collect();
    const seconds = prepared.map((): number[] => []);
    const total = (warmUp + steps) * prepared.length;
    let done = 0;
    for (let round = 0; round < warmUp + steps; round++)
      for (const [index, step] of prepared.entries()) {
        const start = performance.now();
        await step.run();
        const took = (performance.now() - start) / 1000;
        if (round >= warmUp) seconds[index]!.push(took);
        memory?.sample();
        onStep?.(++done, total);
        // A backend that computes on this thread would keep signal handlers from their turn.
        await new Promise((resolve) => setTimeout(resolve, 0));
      }
    const residentPeakBytes = memory && contenders.length === 1 ? memory.bytes - before : null;
    const measure = async ({ name }: Contender, index: number): Promise<StepMeasurement> => {
      const { executable } = prepared[index]!;
      const { peakBytes, keptBytes } = executable.plan;
      return {
        name,
        secondsPerStep: spread(seconds[index]!),
        plannedPeakBytes: peakBytes,
        measuredPeakBytes: executable.measuredPeakBytes(),
        residentPeakBytes,
        keptBytes,
        time: timeShares(await executable.profile()),
      };
    };
    return await Promise.all(contenders.map(measure));
  } finally {
    memory?.stop();
    for (const step of prepared) await step.dispose();
  }
}

const CONTENDER: ObjectKind = {
  accepted: "a step to measure, { name: 'dense', prepare: async () => … }",
  members: { name: 'string', prepare: 'function' },
};

const MEMORY: ObjectKind = {
  accepted: 'what looks at the memory of the process, such as new ResidentPeak()',
  members: { collect: 'function', sample: 'function', stop: 'function' },
};

function check(contenders: readonly Contender[], steps: number, warmUp: number): void {
  if (!Array.isArray(contenders as unknown))
    throw new UsageError(`contenders must be an array, but it is ${describeValue(contenders)}`);
  for (const [at, each] of contenders.entries()) checkMembers(`contenders[${at}]`, each, CONTENDER);
  if (contenders.length === 0) throw new UsageError('there is nothing to measure: no contenders');
  const names = contenders.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw new UsageError(`two contenders are called '${repeated}'`);
  if (!Number.isInteger(steps) || steps < 1)
    throw new UsageError(`steps must be a whole number of at least 1, not ${steps}`);
  if (!Number.isInteger(warmUp) || warmUp < 0)
    throw new UsageError(`warmUp must be a whole number of at least 0, not ${warmUp}`);
}
