import {
  type EstimatorSpec,
  estimatorList,
  formatEstimator,
  orInvalid,
  parseWays,
  type Way,
} from '@sketchgrad/bench/command-line';
import { UsageError } from '@sketchgrad/core';
import { type Command, Option } from 'commander';
import type { SharedOptions } from './shared.js';

/** The ways to train that a command compares. */
export interface WaysOptions extends SharedOptions {
  readonly estimator: readonly EstimatorSpec[];
  readonly ways?: readonly Way[];
}

/** Declares them. @param estimators those that are compared unless told */
export const addWaysOptions = (command: Command, estimators: string): Command =>
  command
    .option(
      '--estimator <names>',
      'one or several, with settings or without: dense,rmm:count:0.1; the first is what the others are compared with',
      estimatorList,
      estimatorList(estimators),
    )
    .addOption(
      new Option(
        '--ways <list>',
        'instead of --estimator, --dense-where-free, --keep and --recompute, with ; between them: ' +
          "'dense; quantized:2 dense-where-free norm=8; dense block'",
      ).argParser((text) => orInvalid(() => checked(parseWays(text)))),
    );

/** The ways of `--ways`, or of `--estimator` with what else is told. */
export const waysOf = ({
  ways,
  estimator,
  denseWhereFree,
  keep = {},
  recompute,
}: WaysOptions): readonly Way[] =>
  ways ?? estimator.map((each) => ({ estimator: each, denseWhereFree, keep, recompute }));

/** @throws UsageError for what only encoders have */
function checked(ways: Way[]): Way[] {
  for (const { estimator, keep } of ways) {
    const name = formatEstimator(estimator);
    const other = Object.keys(keep).find((kept) => kept !== 'norm');
    if (other !== undefined)
      throw new UsageError(`'${other}' of '${name}' is none of what is kept here: norm`);
  }
  return ways;
}
