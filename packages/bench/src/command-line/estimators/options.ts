import { UsageError } from '@sketchgrad/core';
import { PRIORITY_POLICIES, type PriorityPolicy } from '@sketchgrad/train';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { refuseUnusedSettings } from './refuse-unused-settings.js';
import { ESTIMATORS, type EstimatorSettings, type EstimatorSpec } from './settings.js';
import { formatEstimator, parseEstimator } from './syntax.js';
import { parseSetting, type Setting } from './values.js';

/** Options of the estimators' settings, for those that do not carry their own. */
export interface EstimatorOptions extends EstimatorSettings {
  readonly priorities: PriorityPolicy;
  readonly everyLayer: boolean;
}

/** Declares them. */
export function addEstimatorOptions(command: Command): Command {
  const setting = (flags: string, name: Setting, description: string) =>
    new Option(flags, description).argParser((text) => orInvalid(() => parseSetting(name, text)));
  return command
    .addOption(setting('--sketch <name>', 'sketch', "rmm's sketch (default: gaussian)"))
    .addOption(setting('--rate <share>', 'rate', 'rows kept of each, in (0, 1] (default: 0.1)'))
    .addOption(setting('--block-rows <n>', 'blockRows', 'rows of a diagonal block of the sketch'))
    .option('--replacement', 'a row may be drawn twice')
    .addOption(setting('--rows-by <way>', 'rowsBy', 'how rows are drawn (default: norm)'))
    .addOption(
      setting(
        '--bits <n>',
        'bits',
        'of codes: 1, 2, 3, 4, 8; of quantized mixed:AVERAGE too (default: 3)',
      ),
    )
    .addOption(setting('--group <n>', 'group', 'features that share a range (default: 128)'))
    .addOption(
      setting('--projection <n>', 'projection', 'of exact: features that become one (default: 8)'),
    )
    .option('--no-rotate', 'round features as they are, without rotating each group')
    .addOption(
      new Option('--priorities <way>', 'by what rows are ranked before their gradient is known')
        .choices(PRIORITY_POLICIES)
        .default('example'),
    )
    .addOption(
      new Option(
        '--every-layer',
        'the estimator in every layer, whatever it costs, as in the paper (default: exact gradients in layers whose input the backward pass has anyway)',
      )
        .default(false)
        .conflicts(['choice', 'memoryBudget', 'noiseBudget']),
    )
    .hook('preAction', refuseUnusedSettings);
}

/** Names of the estimators, for an option's description. */
export const ESTIMATOR_NAMES = ESTIMATORS.join(', ');

/** Parses one estimator. */
export const oneEstimator = (text: string): EstimatorSpec => orInvalid(() => parseEstimator(text));

/** Parses a list such as `dense,rmm:count:0.1`. */
export function estimatorList(text: string): EstimatorSpec[] {
  const specs = text.split(',').map(oneEstimator);
  const names = specs.map(formatEstimator);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined)
    throw new InvalidArgumentError(`Each estimator may come once, but '${repeated}' comes twice.`);
  return specs;
}

/** As an option's parser says it. */
export function orInvalid<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new InvalidArgumentError(`${error.message}.`);
  }
}
