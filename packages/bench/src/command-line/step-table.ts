import { describeReport, type EstimatorReport } from '../estimators/linear-layers.js';
import type { StepMeasurement } from '../measure-steps.js';
import { bytesColumn, comparisonTable } from '../node/comparison-table.js';

/** An estimator's steps as they were measured. */
type StepResult = EstimatorReport & Omit<StepMeasurement, 'name'>;

const OPS_SHOWN = 6;

/** The description of `--steps`: what counts while they run has the warm-up in it. */
export const STEPS_TO_TIME =
  'steps of each to time, after two of warm-up, which are counted as they go too';

/**
 * What was measured, for people: a table, with the process's memory unless it is not wanted, and
 * below it where the time went.
 */
export function stepTable<Result extends StepResult>(
  results: readonly Result[],
  {
    resident = true,
    name = describeReport,
  }: {
    readonly resident?: boolean;
    /** What a row is called; by its estimator unless given. */
    readonly name?: (result: Result) => string;
  } = {},
): string {
  const table = comparisonTable(results, [
    { title: 'estimator', text: name },
    {
      title: 'seconds a step',
      text: ({ secondsPerStep: { min, median, max } }) =>
        `${median.toFixed(3)} (${min.toFixed(3)} to ${max.toFixed(3)})`,
      value: ({ secondsPerStep }) => secondsPerStep.median,
    },
    bytesColumn('planned peak', ({ plannedPeakBytes }) => plannedPeakBytes),
    bytesColumn('measured peak', ({ measuredPeakBytes }) => measuredPeakBytes),
    ...(resident
      ? [bytesColumn<Result>('resident', ({ residentPeakBytes }) => residentPeakBytes)]
      : []),
    bytesColumn('kept', ({ keptBytes }) => keptBytes),
  ]);
  return [table, ...results.map((result) => timeLine(name(result), result))].join('\n');
}

function timeLine(name: string, result: StepResult): string {
  const shares = Object.entries(result.time)
    .slice(0, OPS_SHOWN)
    .map(([op, share]) => `${op} ${(100 * share).toFixed(1)} %`);
  return `time of ${name}: ${shares.join(', ')}`;
}
