import { formatBytes, type KeepChoice, type RecomputeMode } from '@sketchgrad/core';
import { describeKeep } from '@sketchgrad/train/language';
import { counted } from '../../counted.js';
import { type Alike, describeReport } from '../../estimators/linear-layers.js';
import { describePeaks } from '../runs/memory.js';
import { describeShapes } from '../runs/shapes.js';
import type { TrainingSettings } from './training-settings.js';

/** What came of a run: the JSON of `train`, with the estimator and its settings. */
export interface GraphRunResult extends Alike {
  readonly dataset: string;
  readonly model: string;
  readonly layers: number;
  readonly hidden: number;
  readonly backend: string;
  /** What batch norms keep in few bits. */
  readonly keep: KeepChoice;
  readonly recompute: RecomputeMode;
  readonly settings: TrainingSettings;
  readonly seed: number;
  /** Epochs trained. */
  readonly epochs: number;
  /** The one whose scores are told, counted from 1. */
  readonly bestEpoch: number;
  /** What `valid` and `test` are: accuracy or micro-f1. */
  readonly metric: string;
  /** `valid`, `test`, `validLoss`. */
  readonly metrics: Readonly<Record<string, number>>;
  /** The mean loss of each epoch. */
  readonly loss: readonly number[];
  /** Updates made. */
  readonly steps: number;
  /** The median; null where a resumed run had none left to make. */
  readonly secondsPerEpoch: number | null;
  /** Of the largest step: weights, optimizer state and the arena, by plan and as they were touched. */
  readonly plannedPeakBytes: number;
  readonly measuredPeakBytes: number;
  /** Most that the whole process had resident while it trained: Node and the graph too. */
  readonly processPeakBytes: number;
  readonly keptBytes: number;
  /** Of those, what is kept for the gradients of the linear layers' weights. */
  readonly linearKeptBytes: number;
  /** Graphs that were compiled. */
  readonly executables: number;
  /** The share of the rows of an epoch's steps that are no node's: 0 of the whole graph. */
  readonly emptyRows: number;
}

/** A result for people. */
export function formatGraphResult(result: GraphRunResult): string {
  const { dataset, model, layers, hidden, backend, metric, metrics, epochs } = result;
  const seconds = result.secondsPerEpoch;
  return [
    `${dataset}, ${model} ${layers} × ${hidden}, ${describeReport(result)}${describeKeep(result.keep)}, backend ${backend}: ` +
      `test ${metric} ${metrics.test!.toFixed(4)}, valid ${metrics.valid!.toFixed(4)}, ` +
      `of epoch ${result.bestEpoch}`,
    `${counted(epochs, 'epoch')}${seconds === null ? '' : ` of ${seconds.toFixed(3)} s`}; ` +
      `${describePeaks(result)}; ` +
      `${formatBytes(result.keptBytes)} kept for the backward pass, ` +
      `${formatBytes(result.linearKeptBytes)} of it by linear layers`,
    describeShapes(result),
  ].join('\n');
}
