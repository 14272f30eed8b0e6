import { comparisonTable } from '@sketchgrad/bench';
import { describeReport } from '@sketchgrad/bench/command-line';
import { formatBytes } from '@sketchgrad/core';
import type { StepResult } from '../commands/step.js';

const OPS_SHOWN = 6;

/** What was measured, for people: a table, and below it where the time went. */
export function stepTable(results: readonly StepResult[]): string {
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
    bytes('resident', ({ residentPeakBytes }) => residentPeakBytes),
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
