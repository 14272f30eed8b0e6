import {
  type GradientEstimator,
  type Moments,
  priorityInput,
  sgdVarianceByExample,
} from '@sketchgrad/core';
import type { Candidate } from '../budget/candidates.js';
import type { PriorityPolicy } from '../priorities/policy.js';
import { type Guesses, guessNorms } from './guesses.js';
import type { ProbePasses } from './probe-passes.js';
import { firstPriorityInput, RankedFirst } from './ranked-first.js';

/** Draws in each batch of what is averaged over draws, at first: for all candidates in all layers. */
const FIRST_DRAWS = 4;

/** What a probe works with. */
export interface ProbeOptions {
  readonly priorities: PriorityPolicy;
  /** How many the run has. */
  readonly epochs: number;
  readonly candidates: readonly Candidate[];
  /** Names of the layers that have exact gradients whatever the candidates would add. */
  readonly free: ReadonlySet<string>;
  /** Told of each pass, and that there is none yet. */
  readonly onPass?: (done: number, total: number) => void;
}

/** What a probe found out about a layer: means over the batches. */
export interface LayerVariances {
  readonly layer: string;
  /** The variance that its weight's gradient has anyway, because the examples are a sample. */
  readonly dSgd2ByExample: number;
  /** The variance that each candidate would add: [candidates], or none of a layer that is free. */
  readonly variances: number[];
  /** Their standard errors, for those that are averages over draws; 0 where exact: [candidates] */
  readonly errors: number[];
  /** How many draws in each batch those are averages over: [candidates] */
  readonly draws: number[];
}

/**
 * Measures what each candidate would add to the variance of each layer's gradient, in the mean over
 * the run's epochs. All that needs X and Y is summed up where they are, on the device. In the first
 * epoch rows are ranked by what other batches had at their positions, later by what the same batch had
 * under other dropout.
 *
 * @throws UsageError where the data has no labels; what the backend throws
 */
export async function probeLayers<Sizes extends object>(
  passes: ProbePasses<Sizes>,
  options: ProbeOptions,
): Promise<LayerVariances[]> {
  const { candidates, onPass } = options;
  const estimators = candidates.map(({ estimator }) => estimator);
  const ranks = estimators.some(({ ranksRows }) => ranksRows);
  const total = passes.batches * (ranks ? 2 : 1);
  let done = 0;
  const passed = () => onPass?.(++done, total);
  onPass?.(done, total);
  const guesses = ranks ? await guessNorms(passes, options, passed) : [];
  const found: LayerVariances[][] = [];
  for (let index = 0; index < passes.batches; index++) {
    found.push(await probeBatch(passes, options, { index, estimators, guesses: guesses[index] }));
    passed();
  }
  const mean = (of: (batch: LayerVariances[]) => number) =>
    found.reduce((sum, batch) => sum + of(batch), 0) / found.length;
  return found[0]!.map(({ layer, variances, errors, draws }, at) => ({
    layer,
    dSgd2ByExample: mean((batch) => batch[at]!.dSgd2ByExample),
    variances: variances.map((_, candidate) => mean((batch) => batch[at]!.variances[candidate]!)),
    errors: errors.map(
      (_, candidate) =>
        Math.hypot(...found.map((batch) => batch[at]!.errors[candidate]!)) / found.length,
    ),
    draws,
  }));
}

/**
 * How much of a run ranks rows by other examples' norms: the first epoch, or all of it where an
 * example's own are never asked.
 */
const shareOfFirst = (
  { priorities, epochs }: ProbeOptions,
  { batches }: { readonly batches: number },
): number => (priorities === 'position' && batches > 1 ? 1 : 1 / epochs);

async function probeBatch<Sizes extends object>(
  passes: ProbePasses<Sizes>,
  options: ProbeOptions,
  {
    index,
    estimators,
    guesses,
  }: {
    readonly index: number;
    readonly estimators: readonly GradientEstimator[];
    readonly guesses: Guesses | undefined;
  },
): Promise<LayerVariances[]> {
  const { free } = options;
  const { layers } = await passes.batch(index);
  const needing = estimators.filter((each) => each.ranksRows && each.varianceTerms !== undefined);
  const ranked = new Map(
    needing.length > 0
      ? layers
          .filter(({ name }) => !free.has(name))
          .map(({ name }) => [name, new RankedFirst(name, needing)])
      : [],
  );
  const observed = (layer: string) => {
    const first = ranked.get(layer);
    return first ? [...estimators, first.observed] : estimators;
  };
  const measured = await passes.run(index, {
    ...{ estimators: observed, dropout: 1, draws: FIRST_DRAWS, round: 0 },
    guesses: {
      ...named(guesses?.later ?? {}, priorityInput),
      ...named(needing.length > 0 ? (guesses?.first ?? {}) : {}, firstPriorityInput),
    },
  });
  const share = shareOfFirst(options, passes);
  return layers.map(({ name }) => {
    const moments = measured(name);
    const offered = free.has(name) ? [] : estimators;
    const first = guesses?.first[name];
    const inFirst = (each: GradientEstimator): number =>
      each.variance(each.varianceTerms ? ranked.get(name)!.moments(moments, each) : moments, first);
    return {
      layer: name,
      dSgd2ByExample: variesByExample(moments) ? sgdVarianceByExample(moments) : 0,
      variances: offered.map((each) => {
        if (!each.ranksRows) return each.variance(moments);
        const later = share < 1 ? each.variance(moments, guesses!.later[name]) : 0;
        return share * inFirst(each) + (1 - share) * later;
      }),
      errors: offered.map((each) => each.varianceError?.(moments) ?? 0),
      draws: offered.map((each) => (each.varianceError ? FIRST_DRAWS : 0)),
    };
  });
}

/** Whether there are two examples: one alone, as of data that has no more, is no sample. */
const variesByExample = ({ rows, examples }: Moments): boolean => (examples?.count ?? rows) > 1;

const named = <T>(byLayer: Readonly<Record<string, T>>, name: (layer: string) => string) =>
  Object.fromEntries(Object.entries(byLayer).map(([layer, value]) => [name(layer), value]));
