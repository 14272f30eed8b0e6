import { type GradientEstimator, input, type Moments, type Value } from '@sketchgrad/core';

/** The graph input of what a layer's rows are ranked by before their own norms are known, f32 [rows]. */
export const firstPriorityInput = (layer: string): string => `firstRowPriorities.${layer}`;

/**
 * Looks at estimators that rank rows a second time in the same pass, as they are in a run's first
 * epoch, when no example's own norms are known yet. What they need of X and Y by that ranking is
 * observed under one estimator, which is never trained with.
 */
export class RankedFirst {
  /** To be observed with the others. */
  readonly observed: GradientEstimator;
  readonly #ranked: readonly GradientEstimator[];

  /** @param ranked those whose variance needs more than sums over rows */
  constructor(layer: string, ranked: readonly GradientEstimator[]) {
    this.#ranked = ranked;
    // Of a convolution terms are asked for part by part.
    const given = new WeakMap<Value, Value>();
    this.observed = {
      name: 'ranked-first',
      random: true,
      unbiased: true,
      ranksRows: false,
      keep: (x) => ({ x }),
      weightGradient: (_, y) => y,
      varianceTerms: (x, y, { keys }) => {
        const priorities = given.get(x) ?? input(firstPriorityInput(layer), [x.shape[0]!]);
        given.set(x, priorities);
        const found: Record<string, Value> = {};
        for (const [at, each] of ranked.entries())
          for (const [name, value] of Object.entries(
            each.varianceTerms!(x, y, { keys, priorities }),
          ))
            found[`${at}.${name}`] = value;
        return found;
      },
      variance: () => Number.NaN,
      bytes: () => 0,
    };
  }

  /** The moments that one of them asks, where it finds its terms by that ranking. */
  moments(moments: Moments, estimator: GradientEstimator): Moments {
    const prefix = `${this.#ranked.indexOf(estimator)}.`;
    return {
      ...moments,
      terms: () =>
        Object.fromEntries(
          Object.entries(moments.terms(this.observed))
            .filter(([name]) => name.startsWith(prefix))
            .map(([name, values]) => [name.slice(prefix.length), values]),
        ),
    };
  }
}
