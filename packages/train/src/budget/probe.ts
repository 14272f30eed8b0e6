import { type GradientEstimator, priorityInput, sgdVariance } from '@sketchgrad/core';
import type { TrainingData } from '../model.js';
import type { PriorityPolicy } from '../priorities/policy.js';
import { RowNorms } from '../priorities/row-norms.js';
import type { Candidate } from './candidates.js';
import type { ProbePasses } from './probe-passes.js';

/** Draws in each batch of what is averaged over draws, at first: for all candidates in all layers. */
const FIRST_DRAWS = 4;

/** What a probe works with. */
export interface ProbeOptions {
  readonly data: Pick<TrainingData, 'length'>;
  readonly priorities: PriorityPolicy;
  readonly candidates: readonly Candidate[];
  /** Names of the layers that have exact gradients whatever the candidates would add. */
  readonly free: ReadonlySet<string>;
  /** Told of each pass, and that there is none yet. */
  readonly onPass?: (done: number, total: number) => void;
}

/** What a probe found out about a layer: means over the batches. */
export interface LayerVariances {
  readonly layer: string;
  /** The variance that its weight's gradient has anyway: eq. 9 of arXiv 2201.13195. */
  readonly dSgd2: number;
  /** The variance that each candidate would add: [candidates], or none of a layer that is free. */
  readonly variances: number[];
  /** Their standard errors, for those that are averages over draws; 0 where exact: [candidates] */
  readonly errors: number[];
  /** How many draws in each batch those are averages over: [candidates] */
  readonly draws: number[];
}

/**
 * Measures what each candidate would add to the variance of each layer's gradient. All that needs X
 * and Y is summed up where they are, on the device. Rows are ranked by what the same batch had under
 * other dropout.
 *
 * @throws UsageError where the data has no labels; what the backend throws
 */
export async function probeLayers(
  passes: ProbePasses,
  options: ProbeOptions,
): Promise<LayerVariances[]> {
  const { candidates, onPass } = options;
  const estimators = candidates.map(({ estimator }) => estimator);
  const ranks = estimators.some(({ ranksRows }) => ranksRows);
  const total = passes.batches * (ranks ? 2 : 1);
  let done = 0;
  onPass?.(done, total);
  const found: LayerVariances[][] = [];
  for (let index = 0; index < passes.batches; index++) {
    const guesses = ranks ? await guessesOf(passes, options, index) : {};
    if (ranks) onPass?.(++done, total);
    found.push(await probeBatch(passes, options, { index, estimators, guesses }));
    onPass?.(++done, total);
  }
  const mean = (of: (batch: LayerVariances[]) => number) =>
    found.reduce((sum, batch) => sum + of(batch), 0) / found.length;
  return found[0]!.map(({ layer, variances, errors, draws }, at) => ({
    layer,
    dSgd2: mean((batch) => batch[at]!.dSgd2),
    variances: variances.map((_, candidate) => mean((batch) => batch[at]!.variances[candidate]!)),
    errors: errors.map(
      (_, candidate) =>
        Math.hypot(...found.map((batch) => batch[at]!.errors[candidate]!)) / found.length,
    ),
    draws,
  }));
}

type Guesses = Readonly<Record<string, Float32Array>>;

/** Of each row's ‖y_i‖², for the layers that are not free. */
async function guessesOf(
  passes: ProbePasses,
  { data, priorities, free }: ProbeOptions,
  index: number,
): Promise<Guesses> {
  const { batch, layers, indices } = passes.batch(index);
  const rows = { indices, sequence: batch.sequence, attentionMask: batch.attentionMask };
  const rowNorms = new RowNorms(priorities, data.length);
  const before = await passes.run(index, {
    ...{ estimators: () => [], dropout: 0, draws: 0, round: 0 },
  });
  const guesses: Record<string, Float32Array> = {};
  for (const { name } of layers) {
    if (free.has(name)) continue;
    rowNorms.record(name, rows, before(name).yNorms);
    guesses[priorityInput(name)] = rowNorms.priorities(name, rows);
  }
  return guesses;
}

async function probeBatch(
  passes: ProbePasses,
  { free }: ProbeOptions,
  {
    index,
    estimators,
    guesses,
  }: {
    readonly index: number;
    readonly estimators: readonly GradientEstimator[];
    readonly guesses: Guesses;
  },
): Promise<LayerVariances[]> {
  const measured = await passes.run(index, {
    ...{ estimators: () => estimators, dropout: 1, draws: FIRST_DRAWS, round: 0, guesses },
  });
  return passes.batch(index).layers.map(({ name }) => {
    const moments = measured(name);
    const offered = free.has(name) ? [] : estimators;
    return {
      layer: name,
      dSgd2: sgdVariance(moments),
      variances: offered.map((each) => each.variance(moments, guesses[priorityInput(name)])),
      errors: offered.map((each) => each.varianceError?.(moments) ?? 0),
      draws: offered.map((each) => (each.varianceError ? FIRST_DRAWS : 0)),
    };
  });
}
