import type { Candidate } from '../budget/candidates.js';
import type { EstimatorChoice } from '../budget/choice.js';
import type { LayerVariances } from './probe.js';
import type { ProbePasses } from './probe-passes.js';

/** The standard error of a choice's variance that draws are averaged up to, as a share of it. */
const WANTED_ERROR = 0.02;
/** Times that a choice is averaged further, and draws of all layers in each: a search is not to last. */
const MOST = { rounds: 3, draws: 2048 };

/** Whether draws leave a choice's variance as uncertain as it should not be. */
export const isUncertain = ({ variance, varianceError }: EstimatorChoice): boolean =>
  varianceError > WANTED_ERROR * variance;

/** What is averaged further. */
export interface Averaging {
  readonly candidates: readonly Candidate[];
  readonly variances: readonly LayerVariances[];
  readonly choice: EstimatorChoice;
  /** From 1 on. */
  readonly round: number;
}

/** Whether there is a further round. */
export const mayAverage = (round: number): boolean => round <= MOST.rounds;

/**
 * The variances with as many further draws of what a choice has taken as should make its error small
 * enough, from the same X and Y. What it has not taken stays as it is: draws that made it look too
 * poor cost what is chosen some variance, and those that made it look too good are found out.
 *
 * @param onPass told of each pass
 */
export async function averageFurther<Sizes extends object>(
  passes: ProbePasses<Sizes>,
  { candidates, variances, choice, round }: Averaging,
  onPass: () => void,
): Promise<LayerVariances[]> {
  const wanted = (choice.varianceError / (WANTED_ERROR * choice.variance)) ** 2;
  const taken = new Map<string, number>();
  let before = 0;
  for (const { layer, estimator, varianceError } of choice.layers) {
    if (varianceError === 0) continue;
    const at = candidates.findIndex(({ name }) => name === estimator);
    taken.set(layer, at);
    before = Math.max(before, variances.find((each) => each.layer === layer)!.draws[at]!);
  }
  // An error of few draws is itself uncertain: twice as many as it asks for.
  const draws = Math.min(
    Math.max(2, Math.floor(MOST.draws / taken.size)),
    Math.max(2, Math.ceil(before * (2 * wanted - 1))),
  );
  const estimators = (layer: string) =>
    taken.has(layer) ? [candidates[taken.get(layer)!]!.estimator] : undefined;
  const found: { readonly variance: number; readonly error: number }[][] = [];
  for (let index = 0; index < passes.batches; index++) {
    const measured = await passes.run(index, { estimators, dropout: 1, draws, round });
    found.push(
      [...taken.keys()].map((layer) => {
        const { estimator } = candidates[taken.get(layer)!]!;
        const moments = measured(layer);
        return {
          variance: estimator.variance(moments),
          error: estimator.varianceError!(moments),
        };
      }),
    );
    onPass();
  }
  const further = new Map(
    [...taken.keys()].map((layer, at) => [
      layer,
      {
        at: taken.get(layer)!,
        variance: found.reduce((sum, batch) => sum + batch[at]!.variance, 0) / found.length,
        error: Math.hypot(...found.map((batch) => batch[at]!.error)) / found.length,
      },
    ]),
  );
  return variances.map((layer) => {
    const more = further.get(layer.layer);
    return more ? withFurther(layer, { ...more, draws }) : layer;
  });
}

/** Means of both, by how many draws each is of. */
function withFurther(
  layer: LayerVariances,
  further: {
    readonly at: number;
    readonly variance: number;
    readonly error: number;
    readonly draws: number;
  },
): LayerVariances {
  const { at } = further;
  const total = layer.draws[at]! + further.draws;
  const [before, share] = [layer.draws[at]! / total, further.draws / total];
  return {
    ...layer,
    variances: layer.variances.with(at, before * layer.variances[at]! + share * further.variance),
    errors: layer.errors.with(at, Math.hypot(before * layer.errors[at]!, share * further.error)),
    draws: layer.draws.with(at, total),
  };
}
