import { layersOfEstimator, type WayReport, warningOfKept } from '@sketchgrad/bench';
import { type Backend, extraFlops, type Graph } from '@sketchgrad/core';
import type { EncoderClassifier } from '@sketchgrad/models';
import { traceTrainingStep } from '@sketchgrad/train';
import { formatWay, type Way } from '@sketchgrad/train/language';
import type { TaskShapes } from './task-shapes.js';

/** A line of the table, and of the JSON. */
export type MemoryRow = WayReport & MemoryMeasurement;

interface MemoryMeasurement {
  /** A GLUE task, or null for a batch of one length. */
  readonly task: string | null;
  /** Whose lengths the batches have; null for a batch of one length. */
  readonly split: TaskShapes['split'] | null;
  readonly batchSize: number;
  /** Rows of the largest batch, which the bytes are of, and tokens of the longest example. */
  readonly rows: number;
  readonly longest: number;
  readonly keptBytes: number;
  /** The mean over the batches of an epoch. */
  readonly meanKeptBytes: number;
  readonly peakBytes: number;
  /** Kept bytes and peak against the first way's: dense, nothing recomputed. */
  readonly keptRatio: number;
  readonly peakRatio: number;
  /** FLOPs of a step over those of the first way. */
  readonly extraFlops: number;
}

/**
 * Plans every way at the shapes of a task's batches; the first one is compared with.
 * @param onWarning told of ways that keep more than with exact gradients
 */
export function memoryRows(
  model: EncoderClassifier,
  backend: Backend,
  ways: readonly Way[],
  {
    task,
    split,
    batchSize,
    batches,
    longest,
  }: Pick<MemoryMeasurement, 'task' | 'split'> &
    Pick<TaskShapes, 'batchSize' | 'batches' | 'longest'>,
  onWarning: (text: string) => void,
): MemoryRow[] {
  const most = Math.max(...batches.keys());
  const total = [...batches.values()].reduce((sum, count) => sum + count, 0);
  let first: { readonly row: MemoryRow; readonly graph: Graph } | undefined;
  return ways.map((way) => {
    const { keep, recompute } = way;
    const layers = layersOfEstimator(way.estimator, model, way);
    const { report, option } = layers;
    const graphAt = (rows: number) =>
      traceTrainingStep(model, {
        shape: { batchSize, rows, longest },
        recompute,
        keep,
        ...option,
      });
    let keptBytes = 0;
    for (const [rows, count] of batches)
      keptBytes += (backend.plan(graphAt(rows)).keptBytes * count) / total;
    const graph = graphAt(most);
    const plan = backend.plan(graph);
    const warning = warningOfKept(layers, plan.keptBytes, () => {
      const step = { shape: { batchSize, rows: most, longest }, recompute, keep };
      return backend.plan(traceTrainingStep(model, step)).keptBytes;
    });
    if (warning) onWarning(warning);
    const row: MemoryRow = {
      task,
      split,
      batchSize,
      ...{ rows: most, longest },
      way: formatWay(way),
      ...report,
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
