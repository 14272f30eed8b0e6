import { type KeepChoice, UsageError } from '@sketchgrad/core';
import {
  byValue,
  type EstimatorSettings,
  type EstimatorSpec,
  formatEstimator,
  settleEstimator,
} from '@sketchgrad/train/language';
import type { Command } from 'commander';

/** A way, as far as it is compared. */
interface ComparedWay {
  readonly estimator: EstimatorSpec;
  readonly everyLayer: boolean;
  readonly keep: KeepChoice;
  readonly recompute: string;
}

/** The options that list estimators; each command has some of them. */
interface ListingOptions extends EstimatorSettings {
  readonly estimator?: EstimatorSpec | readonly EstimatorSpec[];
  readonly candidates?: readonly EstimatorSpec[];
  readonly ways?: readonly ComparedWay[];
}

/**
 * Refuses one estimator, or one way, in two spellings: `rmm,rmm:gaussian:0.1`. Whether they are one
 * depends on the options that say what they leave open.
 *
 * @throws UsageError naming the first two
 */
export function refuseRepeated(command: Command): void {
  const options = command.opts<ListingOptions>();
  const nameByValue = (spec: EstimatorSpec) =>
    formatEstimator(byValue(settleEstimator(spec, options)));
  for (const list of [options.estimator, options.candidates])
    if (Array.isArray(list)) expectOnce('estimator', list, formatEstimator, nameByValue);
  const text = ({ estimator }: ComparedWay) => formatEstimator(estimator);
  expectOnce('way', options.ways ?? [], text, ({ estimator, everyLayer, keep, recompute }) =>
    JSON.stringify([nameByValue(estimator), everyLayer, Object.entries(keep).sort(), recompute]),
  );
}

function expectOnce<Each>(
  what: string,
  list: readonly Each[],
  text: (each: Each) => string,
  value: (each: Each) => string,
): void {
  const seen = new Map<string, string>();
  for (const each of list) {
    const first = seen.get(value(each));
    if (first !== undefined)
      throw new UsageError(
        `each ${what} may come once, but '${first}' and '${text(each)}' are the same`,
      );
    seen.set(value(each), text(each));
  }
}
