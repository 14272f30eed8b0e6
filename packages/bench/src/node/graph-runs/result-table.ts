import { formatWay } from '@sketchgrad/train/language';
import { spread } from '../../spread.js';
import { bytesColumn, comparisonTable } from '../comparison-table.js';
import type { GraphRunResult } from './result.js';

/** The runs of one way to train. */
export interface TableRow {
  readonly way: string;
  readonly runs: number;
  readonly metric: string;
  /** Of the scores on `test`, from 0 to 1. */
  readonly mean: number;
  /** Their standard deviation, with n − 1; null for a single run. */
  readonly deviation: number | null;
  readonly keptBytes: number;
  /** Of those, what is kept for the gradients of the linear layers' weights. */
  readonly linearKeptBytes: number;
  readonly plannedPeakBytes: number;
  /** The median of the runs' medians; null where none was timed. */
  readonly secondsPerEpoch: number | null;
}

/** One row a way, in the order in which they come first. */
export function tableRows(results: readonly GraphRunResult[]): TableRow[] {
  const groups = new Map<string, GraphRunResult[]>();
  for (const result of results) {
    const { everyLayer = false, keep, recompute } = result;
    const name = formatWay({ estimator: result, everyLayer, keep, recompute });
    groups.set(name, [...(groups.get(name) ?? []), result]);
  }
  return [...groups].map(([way, runs]): TableRow => {
    const scores = runs.map(({ metrics }) => metrics.test!);
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    const squares = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0);
    const times = runs.flatMap(({ secondsPerEpoch }) => secondsPerEpoch ?? []);
    return {
      way,
      runs: runs.length,
      metric: runs[0]!.metric,
      mean,
      deviation: runs.length < 2 ? null : Math.sqrt(squares / (runs.length - 1)),
      keptBytes: Math.max(...runs.map(({ keptBytes }) => keptBytes)),
      linearKeptBytes: Math.max(...runs.map(({ linearKeptBytes }) => linearKeptBytes)),
      plannedPeakBytes: Math.max(...runs.map(({ plannedPeakBytes }) => plannedPeakBytes)),
      secondsPerEpoch: times.length === 0 ? null : spread(times).median,
    };
  });
}

/** For people, with ratios to the first row. */
export const resultTable = (rows: readonly TableRow[]): string =>
  comparisonTable(rows, [
    { title: 'way', text: ({ way }) => way },
    {
      title: `test ${rows[0]?.metric ?? ''}, %`,
      text: ({ mean, deviation }) =>
        (100 * mean).toFixed(2) + (deviation === null ? '' : ` ± ${(100 * deviation).toFixed(2)}`),
    },
    { title: 'runs', text: ({ runs }) => String(runs) },
    bytesColumn('kept', ({ keptBytes }) => keptBytes),
    bytesColumn('by linear layers', ({ linearKeptBytes }) => linearKeptBytes),
    bytesColumn('planned peak', ({ plannedPeakBytes }) => plannedPeakBytes),
    {
      title: 'seconds an epoch',
      text: ({ secondsPerEpoch }) => secondsPerEpoch?.toFixed(3) ?? 'unknown',
      value: ({ secondsPerEpoch }) => secondsPerEpoch,
    },
  ]);
