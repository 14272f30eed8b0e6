import {
  chosenEstimator,
  type EstimatorChoice,
  estimatorOption,
} from '@sketchgrad/bench/command-line';
import { type Backend, extraFlops, type Graph, type KeepChoice } from '@sketchgrad/core';
import type { EncoderClassifier } from '@sketchgrad/models';
import { traceTrainingStep } from '@sketchgrad/train';
import type { MemorySetting } from './settings.js';
import type { TaskShapes } from './task-shapes.js';

/** A line of the table, and of the JSON. */
export interface MemoryRow extends EstimatorChoice {
  /** A GLUE task, or null for a batch of one length. */
  readonly task: string | null;
  readonly batchSize: number;
  /** Tokens of the longest batch, which the bytes are of. */
  readonly sequence: number;
  readonly recompute: string;
  readonly keep: KeepChoice;
  readonly keptBytes: number;
  /** The mean over the batches of an epoch. */
  readonly meanKeptBytes: number;
  readonly peakBytes: number;
  /** Kept bytes and peak against the first setting's: dense, nothing recomputed. */
  readonly keptRatio: number;
  readonly peakRatio: number;
  /** FLOPs of a step over those of the first setting. */
  readonly extraFlops: number;
}

/** Plans every setting at the shapes of a task's batches; the first one is compared with. */
export function memoryRows(
  model: EncoderClassifier,
  backend: Backend,
  settings: readonly MemorySetting[],
  { task, batchSize, batches }: Omit<TaskShapes, 'task'> & { readonly task: string | null },
): MemoryRow[] {
  const sequence = Math.max(...batches.keys());
  const total = [...batches.values()].reduce((sum, count) => sum + count, 0);
  let first: { readonly row: MemoryRow; readonly graph: Graph } | undefined;
  return settings.map(({ estimator, keep, recompute }) => {
    const choice = chosenEstimator(estimator, {});
    const graphAt = (length: number) =>
      traceTrainingStep(model, {
        shape: { batchSize, sequence: length },
        recompute,
        keep,
        ...estimatorOption(choice),
      });
    let keptBytes = 0;
    for (const [length, count] of batches)
      keptBytes += (backend.plan(graphAt(length)).keptBytes * count) / total;
    const graph = graphAt(sequence);
    const plan = backend.plan(graph);
    const row: MemoryRow = {
      task,
      batchSize,
      sequence,
      ...choice,
      recompute,
      keep,
      keptBytes: plan.keptBytes,
      meanKeptBytes: Math.round(keptBytes),
      peakBytes: plan.peakBytes,
      keptRatio: plan.keptBytes / (first?.row.keptBytes ?? plan.keptBytes),
      peakRatio: plan.peakBytes / (first?.row.peakBytes ?? plan.peakBytes),
      extraFlops: first ? extraFlops(graph, first.graph) : 0,
    };
    first ??= { row, graph };
    return row;
  });
}
