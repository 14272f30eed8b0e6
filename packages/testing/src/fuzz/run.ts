import { attempt } from './attempt.js';
import { inputOf } from './input.js';
import type { FuzzReader } from './reader.js';

/** How the short form is run. */
export interface FuzzOptions {
  /** How many mutated inputs, beside the samples themselves. */
  readonly count: number;
  readonly seed?: number;
}

/** A run that should not have come out as it did. */
export interface FuzzFailure {
  readonly run: number;
  readonly what: string;
  /** What was done to the input. */
  readonly changes: readonly string[];
}

/** What came of all runs. */
export interface FuzzSummary {
  readonly answers: number;
  readonly errors: number;
  readonly failures: readonly FuzzFailure[];
}

/**
 * Runs a reader on its samples and on mutated ones within this process: for a suite of tests, which
 * also reports what nobody caught. `pnpm fuzz` runs more of them, in processes that may die, and
 * watches time and memory.
 */
export async function fuzz(
  reader: FuzzReader,
  { count, seed = 0 }: FuzzOptions,
): Promise<FuzzSummary> {
  const samples = await reader.samples();
  const source = { reader, samples, seed, longestRun: 1 << 20 };
  const failures: FuzzFailure[] = [];
  let [answers, errors] = [0, 0];
  for (let run = 0; run < samples.length + count; run++) {
    const input = inputOf(source, run);
    const outcome = await attempt(reader, input, run < samples.length);
    if (outcome.kind === 'answer') answers += 1;
    else if (outcome.kind === 'error') errors += 1;
    else failures.push({ run, what: outcome.what, changes: input.changes });
  }
  return { answers, errors, failures };
}
