import { nextTurn } from '../jobs/next-turn.js';
import type { StepEvaluation } from '../source/step-source.js';
import type { ExecutableCache } from '../step/executable-cache.js';

export interface Evaluating {
  readonly signal?: AbortSignal | undefined;
  /** Makes the error for a loss that is not finite. */
  readonly nonFinite: (what: string) => Error;
}

/** What an evaluation found. */
export interface Evaluated {
  /** The mean over its examples. */
  readonly loss: number;
  readonly metrics: Record<string, number>;
}

/** Runs the batches of an evaluation; gives `undefined` once the signal is aborted. */
export async function evaluateSource<Sizes extends object>(
  evaluation: StepEvaluation<Sizes>,
  cache: ExecutableCache<Sizes>,
  { signal, nonFinite }: Evaluating,
): Promise<Evaluated | undefined> {
  const judge = evaluation.judge(nonFinite);
  let total = 0;
  let count = 0;
  for (const make of evaluation.batches()) {
    if (signal?.aborted) return undefined;
    const batch = await make();
    const { shape, examples } = batch;
    const executable = await cache.get({ work: 'evaluate', shape, examples });
    const outputs = await executable.run(batch.inputs);
    judge.add(batch, outputs);
    total += outputs.loss![0]! * examples;
    count += examples;
    await nextTurn();
  }
  const loss = total / count;
  if (!Number.isFinite(loss)) throw nonFinite(`the loss of the evaluation is ${loss}`);
  return { loss, metrics: judge.scores() };
}
