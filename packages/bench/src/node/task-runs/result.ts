import { formatBytes, type KeepChoice } from '@sketchgrad/core';
import { describeKeep } from '@sketchgrad/train/language';
import { counted } from '../../counted.js';
import { describeReport, type EstimatorReport } from '../../estimators/linear-layers.js';
import { describePeaks } from '../runs/memory.js';
import { describeShapes } from '../runs/shapes.js';

/** What came of a run: the JSON of `finetune`, beside how its linear layers kept their inputs. */
export type TaskRunResult = EstimatorReport & TrainingResult;

interface TrainingResult {
  readonly task: string;
  readonly model: string;
  readonly backend: string;
  /** What the layers between the linear ones keep in few bits. */
  readonly keep: KeepChoice;
  readonly seed: number;
  /** Updates made. */
  readonly steps: number;
  /** Scores by name. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The mean loss of each epoch. */
  readonly loss: readonly number[];
  /** The median; null where a resumed run had no step left to make. */
  readonly secondsPerStep: number | null;
  /** The mean: batches differ in their tokens. */
  readonly meanSecondsPerStep: number | null;
  /** Of the largest step: weights, optimizer state and the arena, by plan and as they were touched. */
  readonly plannedPeakBytes: number;
  readonly measuredPeakBytes: number;
  /** Most that the whole process had resident while it trained: Node, data and weights' files too. */
  readonly processPeakBytes: number;
  readonly keptBytes: number;
  /** Graphs that were compiled. */
  readonly executables: number;
  /** The share of all batches' rows that belong to nobody. */
  readonly emptyRows: number;
}

/** Scores for people: `accuracy 0.812, f1 0.866`. */
export const formatMetrics = (metrics: Readonly<Record<string, number>>): string =>
  Object.entries(metrics)
    .map(([name, value]) => `${name} ${value.toFixed(4)}`)
    .join(', ');

/** A result for people. */
export function formatTaskResult(result: TaskRunResult): string {
  const { task, model, backend, steps, secondsPerStep } = result;
  const seconds = secondsPerStep === null ? '' : ` of ${secondsPerStep.toFixed(3)} s`;
  return [
    `${task}, ${model}, ${describeReport(result)}${describeKeep(result.keep)}, backend ${backend}: ${formatMetrics(result.metrics)}`,
    `loss by epoch: ${result.loss.map((loss) => loss.toFixed(4)).join(', ')}`,
    `${counted(steps, 'step')}${seconds}; ${describePeaks(result)}; ` +
      `${formatBytes(result.keptBytes)} kept for the backward pass`,
    describeShapes(result),
  ].join('\n');
}
