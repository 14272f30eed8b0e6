import {
  buildEstimator,
  ESTIMATORS,
  type EstimatorName,
  type EstimatorSettings,
  type EstimatorSpec,
  formatEstimator,
  SETTINGS,
  settleEstimator,
} from '@sketchgrad/train/language';
import type { Command } from 'commander';
import { isGiven, refuseUnused } from '../options/refuse-unused.js';

/** The options by which commands are told of estimators; each command has some of them. */
interface NamingOptions extends EstimatorSettings {
  readonly estimator?: EstimatorSpec | readonly EstimatorSpec[];
  readonly trained?: EstimatorSpec;
  readonly ways?: readonly { readonly estimator: EstimatorSpec }[];
  readonly candidates?: readonly EstimatorSpec[];
  readonly memoryBudget?: number;
  readonly noiseBudget?: number;
  readonly choice?: string;
}

type Setting = keyof EstimatorSettings;

const ALL = [...new Set(Object.values(SETTINGS).flat())] as readonly Setting[];

/**
 * Refuses settings that were typed and that none of the command's estimators takes, or leaves open.
 * @throws UsageError naming the first of them, and whose it is
 */
export function refuseUnusedSettings(command: Command): void {
  const options = command.opts<NamingOptions>();
  const chosen = chosenElsewhere(options);
  if (chosen !== undefined) {
    refuseUnused(command, ALL, chosen);
    return;
  }
  const specs = specsOf(options);
  for (const setting of ALL.filter((each) => isGiven(command, each)))
    if (!specs.some((spec) => isLeftOpen(spec, setting, options)))
      refuseUnused(command, [setting], whyUnused(specs, setting));
  if (isGiven(command, 'priorities') && !specs.some((spec) => ranksRows(spec, options)))
    refuseUnused(
      command,
      ['priorities'],
      `with ${namesOf(specs)}: rows:optimal, wta-crs and quantized:mixed:AVERAGE rank rows`,
    );
  const trained = options.trained ? [options.trained] : specs;
  if (trained.every(({ estimator }) => estimator === 'dense'))
    refuseUnused(
      command,
      ['everyLayer'],
      `with ${options.trained ? '--trained ' : ''}dense: gradients are exact in every layer anyway`,
    );
}

/** What chooses estimators with settings of their own, as the end of a sentence. */
function chosenElsewhere(options: NamingOptions): string | undefined {
  const { choice, memoryBudget, noiseBudget, candidates } = options;
  if (choice !== undefined) return 'with --choice, whose estimators say that themselves';
  if ((memoryBudget === undefined && noiseBudget === undefined) || candidates) return undefined;
  return "with a budget's own candidates, which say that themselves: name others by --candidates";
}

function specsOf({ estimator, trained, ways, candidates }: NamingOptions): EstimatorSpec[] {
  const named = ways?.map((way) => way.estimator) ?? candidates ?? estimator ?? [];
  return [...[named].flat(), ...(trained ? [trained] : [])] as EstimatorSpec[];
}

/** Whether the estimator takes its setting from the option. */
const isLeftOpen = (spec: EstimatorSpec, setting: Setting, options: EstimatorSettings): boolean =>
  spec[setting] === undefined && (settleEstimator(spec, options)[setting] ?? null) !== null;

const ranksRows = (spec: EstimatorSpec, options: EstimatorSettings): boolean =>
  buildEstimator(settleEstimator(spec, options)).ranksRows;

const takes = (estimator: EstimatorName, setting: Setting): boolean =>
  (SETTINGS[estimator] as readonly Setting[]).includes(setting);

function whyUnused(specs: readonly EstimatorSpec[], setting: Setting): string {
  const said = specs.filter((spec) => spec[setting] !== undefined);
  if (said.length > 0)
    return `with ${namesOf(said)}, which ${said.length === 1 ? 'says' : 'say'} that ${said.length === 1 ? 'itself' : 'themselves'}`;
  const sketched = specs.filter(({ estimator }) => takes(estimator, setting));
  // Only drawing rows twice depends on more than the estimator: on its sketch.
  if (sketched.length > 0)
    return `with ${namesOf(sketched)}, whose sketch draws no rows; dct, dft and hadamard do`;
  const takers = ESTIMATORS.filter((estimator) => takes(estimator, setting));
  return `with ${namesOf(specs)}: ${takers.join(', ')} ${takers.length === 1 ? 'takes' : 'take'} it`;
}

const namesOf = (specs: readonly EstimatorSpec[]): string =>
  [...new Set(specs.map(formatEstimator))].join(', ');
