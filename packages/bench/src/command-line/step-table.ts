import { formatBytes } from '@sketchgrad/core';
import { comparisonTable } from '../comparison-table.js';
import type { StepMeasurement } from '../measure-steps.js';
import { describeReport, type EstimatorReport } from './estimators/index.js';

/** An estimator's steps as they were measured. */
type StepResult = EstimatorReport & Omit<StepMeasurement, 'name'>;

const OPS_SHOWN = 6;

/**
 * What was measured, for people: a table, with the process's memory unless it is not wanted, and
 * below it where the time went.
 */
export function stepTable(
  results: readonly StepResult[],
  { resident = true }: { readonly resident?: boolean } = {},
): string {
  const bytes = (title: string, value: (result: StepResult) => number | null) => ({
    title,
    value,
    text: (result: StepResult) => {
      const found = value(result);
      return found === null ? 'unknown' : formatBytes(found);
    },
  });
  const table = comparisonTable(results, [
    { title: 'estimator', text: describeReport },
    {
      title: 'seconds a step',
      text: ({ secondsPerStep: { min, median, max } }) =>
        `${median.toFixed(3)} (${min.toFixed(3)} to ${max.toFixed(3)})`,
      value: ({ secondsPerStep }) => secondsPerStep.median,
    },
    bytes('planned peak', ({ plannedPeakBytes }) => plannedPeakBytes),
    bytes('measured peak', ({ measuredPeakBytes }) => measuredPeakBytes),
    ...(resident ? [bytes('resident', ({ residentPeakBytes }) => residentPeakBytes)] : []),
    bytes('kept', ({ keptBytes }) => keptBytes),
  ]);
  return [table, ...results.map(timeLine)].join('\n');
}

function timeLine(result: StepResult): string {
  const shares = Object.entries(result.time)
    .slice(0, OPS_SHOWN)
    .map(([op, share]) => `${op} ${(100 * share).toFixed(1)} %`);
  return `time of ${describeReport(result)}: ${shares.join(', ')}`;
}
