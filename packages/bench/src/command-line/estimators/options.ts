import { PRIORITY_POLICIES } from '@sketchgrad/train';
import {
  ESTIMATORS,
  type EstimatorSettings,
  type EstimatorSpec,
  formatEstimator,
  parseEstimator,
  parseSetting,
  usualSetting,
} from '@sketchgrad/train/language';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { RUN_DEFAULTS } from '../../node/runs/settings.js';
import { orInvalid } from '../options/or-invalid.js';
import { refuseRepeated } from './refuse-repeated.js';
import { refuseUnusedSettings } from './refuse-unused-settings.js';

/**
 * Declares them.
 * @param usualRate what the description of `--rate` says that it is unless given
 */
export function addEstimatorOptions(
  command: Command,
  usualRate: string = usualSetting('rate'),
): Command {
  const setting = (flags: string, name: keyof EstimatorSettings, description: string) =>
    new Option(flags, description).argParser((text) => orInvalid(() => parseSetting(name, text)));
  return command
    .addOption(
      setting('--sketch <name>', 'sketch', `rmm's sketch (default: ${usualSetting('sketch')})`),
    )
    .addOption(
      setting('--rate <share>', 'rate', `rows kept of each, in (0, 1] (default: ${usualRate})`),
    )
    .addOption(
      setting(
        '--block-rows <n>',
        'blockRows',
        'rows of a diagonal block of the sketch (default: all, in one block)',
      ),
    )
    .option('--replacement', 'a row may be drawn twice')
    .option('--centred', "keep the rows' mean beside rmm's sketch of what they differ by from it")
    .addOption(
      setting(
        '--rows-by <way>',
        'rowsBy',
        `how rows are drawn (default: ${usualSetting('rowsBy')})`,
      ),
    )
    .addOption(
      setting(
        '--bits <n>',
        'bits',
        `of codes: 1, 2, 3, 4, 8; of quantized mixed:AVERAGE too (default: ${usualSetting('bits')})`,
      ),
    )
    .addOption(setting('--group <n>', 'group', 'features that share a range (default: 128)'))
    .addOption(
      setting('--projection <n>', 'projection', 'of exact: features that become one (default: 8)'),
    )
    .option('--no-rotate', 'round features as they are, without rotating each group')
    .option('--no-dither', 'read codes as they are, as rounded at random')
    .addOption(
      new Option('--priorities <way>', 'by what rows are ranked before their gradient is known')
        .choices(PRIORITY_POLICIES)
        .default(RUN_DEFAULTS.priorities),
    )
    .addOption(
      new Option(
        '--every-layer',
        'the estimator in every layer, whatever it costs, as in the paper',
      )
        .default(
          RUN_DEFAULTS.everyLayer,
          'exact gradients in layers whose input the backward pass has anyway',
        )
        .conflicts(['choice', 'memoryBudget', 'noiseBudget']),
    )
    .hook('preAction', (declared) => {
      refuseUnusedSettings(declared);
      refuseRepeated(declared);
    });
}

/**
 * An option that takes one estimator.
 * @param usual the estimator unless given
 * @param shown what the help says of that, where the command has settings of its own for it
 */
export const estimatorOption = (
  flags: string,
  description: string,
  usual: string,
  shown = usual,
): Option =>
  new Option(flags, `${description}: ${ESTIMATORS.join(', ')}, ${SETTINGS_FORM}`)
    .argParser(oneEstimator)
    .default(parseEstimator(usual), shown);

/** An option that takes several, {@link estimatorOption} else. */
export const estimatorsOption = (flags: string, description: string, usual: string): Option =>
  new Option(
    flags,
    `${description}: one or, with commas, several of ${ESTIMATORS.join(', ')}, ${SETTINGS_FORM}`,
  )
    .argParser(estimatorList)
    .default(estimatorList(usual), usual);

const SETTINGS_FORM = 'alone or with settings after colons, such as rmm:count:0.1';

function oneEstimator(text: string): EstimatorSpec {
  if (text.includes(','))
    throw new InvalidArgumentError(
      'It is one estimator, such as rmm:count:0.1; commands that compare, such as step, take several.',
    );
  return orInvalid(() => parseEstimator(text));
}

/** Parses a list such as `dense,rmm:count:0.1`. */
export function estimatorList(text: string): EstimatorSpec[] {
  const specs = text.split(',').map((each) => orInvalid(() => parseEstimator(each)));
  const names = specs.map(formatEstimator);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined)
    throw new InvalidArgumentError(`Each estimator may come once, but '${repeated}' comes twice.`);
  return specs;
}
