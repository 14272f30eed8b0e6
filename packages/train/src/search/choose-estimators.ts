import { dense, type LinearLayer, UsageError } from '@sketchgrad/core';
import type { Budget, MemoryBudget } from '../budget/budget.js';
import type { Candidate } from '../budget/candidates.js';
import { chosenEstimators, type EstimatorChoice } from '../budget/choice.js';
import { bestTrades, type Trade } from './best-trades.js';
import type { LayerVariances } from './probe.js';
import { budgeted, type StepBytes, type StepPlans } from './step-plans.js';

/** What {@link chooseEstimators} works with. */
export interface ChooseOptions {
  /** The layers at the shape of the run's largest step. */
  readonly layers: readonly LinearLayer[];
  readonly candidates: readonly Candidate[];
  /** What each adds to the bytes that a step keeps: [layers][candidates] */
  readonly bytes: readonly (readonly number[])[];
  /** What was measured of each layer. */
  readonly variances: readonly LayerVariances[];
  /** Names of the layers whose input is free: they have exact gradients, which need be no candidate. */
  readonly free: ReadonlySet<string>;
  /** Plans the run's largest steps. */
  readonly plan: StepPlans['plan'];
  /** @throws UsageError where the least that a step can take is above a budget */
  readonly expectWithin: (budget: MemoryBudget, least: StepBytes) => void;
}

/**
 * Picks an estimator for each layer: those of least total variance whose step fits the budget by
 * its plan, or of least bytes whose total variance does.
 *
 * @throws UsageError for a budget that cannot be met, with the least that can and what would help
 */
export function chooseEstimators(budget: Budget, options: ChooseOptions): EstimatorChoice {
  const { layers, candidates, bytes, plan, free } = options;
  const offered = layers.map(({ name }) => (free.has(name) ? EXACT : candidates));
  const variances = layers.map(
    ({ name }) => options.variances.find(({ layer }) => layer === name)!,
  );
  const costs = (layer: number) =>
    offered[layer] === EXACT
      ? [FREE]
      : variances[layer]!.variances.map((variance, at) => ({
          bytes: bytes[layer]![at]!,
          variance,
          error: variances[layer]!.errors[at]!,
        }));
  const trades = bestTrades(offered.map((_, layer) => costs(layer)));
  const dSgd2ByExample = variances.reduce((sum, layer) => sum + layer.dSgd2ByExample, 0);
  const choiceOf = (trade: Trade): EstimatorChoice => {
    const chosen = trade.picks().map((pick, layer) => ({
      layer: layers[layer]!.name,
      estimator: offered[layer]![pick]!.name,
      addedBytes: costs(layer)[pick]!.bytes,
      variance: costs(layer)[pick]!.variance,
      varianceError: costs(layer)[pick]!.error,
      dSgd2ByExample: variances[layer]!.dSgd2ByExample,
    }));
    const { keptBytes, peakBytes } = plan(chosenEstimators({ layers: chosen }, candidates, layers));
    return {
      layers: chosen,
      keptBytes,
      peakBytes,
      variance: trade.variance,
      varianceError: Math.hypot(...chosen.map(({ varianceError }) => varianceError)),
      dSgd2ByExample,
    };
  };
  if ('noise' in budget) return choiceOf(leastBytes(trades, budget.noise, dSgd2ByExample));
  const exactly = exactTrade(offered);
  const exact = exactly && choiceOf(exactly);
  if (exact && budgeted(exact, budget.of) <= budget.bytes) return exact;
  return leastVariance(trades, budget, choiceOf, options.expectWithin);
}

/**
 * Exact gradients everywhere, where they are offered: where they fit there is no reason for another
 * choice, though one that ranks rows may keep less and be expected to add nothing either.
 */
function exactTrade(offered: readonly (readonly Candidate[])[]): Trade | undefined {
  const picks = offered.map((each) =>
    each.findIndex(({ estimator }) => estimator.name === 'dense'),
  );
  return picks.includes(-1) ? undefined : { bytes: 0, variance: 0, picks: () => picks };
}

/** What is offered where the input is free. */
const EXACT: readonly Candidate[] = [{ name: 'dense', estimator: dense() }];
const FREE = { bytes: 0, variance: 0, error: 0 };

/** @throws UsageError where even the least variance is above the budget */
function leastBytes(trades: readonly Trade[], noise: number, dSgd2ByExample: number): Trade {
  const found = trades.find(({ variance }) => variance <= noise * dSgd2ByExample);
  if (found) return found;
  const least = trades.at(-1)!.variance / dSgd2ByExample;
  throw new UsageError(
    `a noise budget of ${noise} cannot be met: with these candidates the least is ${least.toPrecision(3)}. ` +
      "With 'dense' among them any can",
  );
}

/**
 * The trade of least variance whose plan fits. What is planned grows with the bytes that are added,
 * nearly by as many, so that few plans find it; that it fits is not taken on trust.
 */
function leastVariance(
  trades: readonly Trade[],
  budget: MemoryBudget,
  choiceOf: (trade: Trade) => EstimatorChoice,
  expectWithin: ChooseOptions['expectWithin'],
): EstimatorChoice {
  const { bytes, of } = budget;
  const taken = (choice: EstimatorChoice) => budgeted(choice, of);
  const most = choiceOf(trades.at(-1)!);
  if (taken(most) <= bytes) return most;
  let best = choiceOf(trades[0]!);
  expectWithin(budget, best);
  let [low, high] = [0, trades.length - 1];
  for (let turn = 0; high - low > 1; turn++) {
    // Where bytes do not add up as they should, halves still end it.
    const room = trades[low]!.bytes + bytes - taken(best);
    const guess = turn % 3 === 2 ? (low + high) >> 1 : lastWithin(trades, room, [low, high]);
    const choice = choiceOf(trades[guess]!);
    if (taken(choice) <= bytes) [low, best] = [guess, choice];
    else high = guess;
  }
  return best;
}

/** Between two trades, the last that adds at most so many bytes; the next to one of them at least. */
function lastWithin(
  trades: readonly Trade[],
  bytes: number,
  [low, high]: readonly [number, number],
): number {
  let [from, to] = [low + 1, high - 1];
  while (from < to) {
    const middle = (from + to + 1) >> 1;
    if (trades[middle]!.bytes <= bytes) from = middle;
    else to = middle - 1;
  }
  return from;
}
