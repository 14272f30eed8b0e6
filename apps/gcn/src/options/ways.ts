import { estimatorsOption, refuseUnused, waysOption } from '@sketchgrad/bench/command-line';
import { GRAPH_KEPT } from '@sketchgrad/bench/node';
import type { EstimatorSpec, Way } from '@sketchgrad/train/language';
import type { Command } from 'commander';
import type { SharedOptions } from './shared.js';

/** The ways to train that a command compares. */
export interface WaysOptions extends SharedOptions {
  readonly estimator: readonly EstimatorSpec[];
  readonly ways?: readonly Way[];
}

/** Declares them. @param estimators those that are compared unless told */
export const addWaysOptions = (command: Command, estimators: string): Command =>
  command
    .addOption(
      estimatorsOption(
        '--estimator <names>',
        'what is compared, the others with the first',
        estimators,
      ),
    )
    .addOption(
      waysOption(
        'instead of --estimator, --every-layer, --keep and --recompute, with ; between them: ' +
          "'dense; quantized:2 norm=8; rmm:count:0.1 every-layer'",
        GRAPH_KEPT,
      ),
    )
    .hook('preAction', (declared) => {
      if (declared.opts<WaysOptions>().ways !== undefined)
        refuseUnused(
          declared,
          ['estimator', 'everyLayer', 'keep', 'recompute'],
          'with --ways, each of which says that itself',
        );
    });

/** The ways of `--ways`, or of `--estimator` with what else is told. */
export const waysOf = ({
  ways,
  estimator,
  everyLayer,
  keep = {},
  recompute,
}: WaysOptions): readonly Way[] =>
  ways ?? estimator.map((each) => ({ estimator: each, everyLayer, keep, recompute }));
