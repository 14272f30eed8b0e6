import {
  addEstimatorOptions,
  type EstimatorOptions,
  orInvalid,
  wholeNumber,
} from '@sketchgrad/bench/command-line';
import { type KeepChoice, RECOMPUTE_MODES, type RecomputeMode } from '@sketchgrad/core';
import { parseKeep } from '@sketchgrad/train/language';
import { type Command, Option } from 'commander';

/** Options that all commands have, `--estimator` aside: one command takes several. */
export interface SharedOptions extends EstimatorOptions {
  readonly model: string;
  readonly randomWeights: boolean;
  readonly backend: string;
  readonly threads?: number;
  readonly recompute: RecomputeMode;
  readonly keep?: KeepChoice;
  readonly batchSize: number;
  readonly sequence: number;
  readonly seed: number;
  readonly json: boolean;
}

/**
 * Declares the shared options.
 *
 * @param defaults examples of a step, tokens of an example, and what is said of the rate unless given
 */
export function addSharedOptions(
  command: Command,
  defaults: { readonly batchSize: number; readonly sequence: number; readonly rate?: string },
): Command {
  return addEstimatorOptions(command, defaults.rate)
    .option('--model <name>', 'minilm, roberta-base, bert-base, or a model folder', 'minilm')
    .option('--random-weights', 'draw all weights from the seed', false)
    .option('--backend <name>', 'what computes: cpu, reference, or a package', 'cpu')
    .option('--threads <n>', "the backend's threads (default: one a core)", wholeNumber(1, 1024))
    .addOption(
      new Option('--keep <bits>', 'what is kept in few bits: gelu=3,norm=8,attention=8').argParser(
        (text) => orInvalid(() => parseKeep(text)),
      ),
    )
    .addOption(
      new Option('--recompute <mode>', 'what the backward pass computes again instead of keeping')
        .choices(RECOMPUTE_MODES)
        .default('cheap'),
    )
    .option('--batch-size <n>', 'examples in a step', wholeNumber(1), defaults.batchSize)
    .option('--sequence <n>', 'tokens in an example, at most', wholeNumber(1), defaults.sequence)
    .option('--seed <n>', 'seed of all random numbers', wholeNumber(0, 2 ** 32 - 1), 0)
    .option('--json', 'end with one JSON object, alone on standard output', false);
}

/** What `loadBackend` is told beside the name. */
export const backendOptions = ({ threads }: SharedOptions): { readonly threads?: number } =>
  threads === undefined ? {} : { threads };
