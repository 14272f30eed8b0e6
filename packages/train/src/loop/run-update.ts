import {
  describeValue,
  priorityInput,
  rowNormOutput,
  type TensorData,
  UsageError,
} from '@sketchgrad/core';
import { adamwSettings } from '../optimizer/adamw.js';
import type { BatchRows } from '../priorities/batch-rows.js';
import type { RowNorms } from '../priorities/row-norms.js';
import { isProbed } from '../probe/options.js';
import { accumulationOf, indicesOf } from './jobs.js';
import type { Settings } from './settings.js';
import type { LoopParts } from './training-loop.js';

/** Which update of a run: all that it depends on beside the tensors. */
export interface Update {
  /** Updates made before it. */
  readonly step: number;
  /** Counted from 0. */
  readonly epoch: number;
  /** The epoch's order, and how many examples of it have been used. */
  readonly order: Uint32Array;
  readonly position: number;
}

/**
 * Makes one update of the parameters, micro-batch by micro-batch.
 *
 * @param nonFinite makes the error for a loss that is not finite
 * @returns the mean loss of the batch's examples, before the update, and how many there were
 */
export async function runUpdate(
  { model, cache, settings, rowNorms, probe }: Omit<LoopParts, 'state' | 'checkpoints'>,
  { step, epoch, order, position }: Update,
  nonFinite: (what: string) => Error,
): Promise<{ loss: number; examples: number }> {
  const { data, cut, seed } = settings;
  const pieces = cut.pieces(position);
  const examples = pieces.at(-1)!.end - position;
  const adamw = adamwSettings(settings.optimizer, {
    learningRate: learningRateAt(settings, step),
    step,
    gradientScale: cut.accumulate === 1 ? 1 : 1 / examples,
  });
  let total = 0;
  for (const [index, piece] of pieces.entries()) {
    const indices = indicesOf(order, piece);
    const batch = data.batch(indices);
    if (!batch.labels) throw new UsageError('the training data has no labels');
    const { batchSize, sequence, attentionMask } = batch;
    const rows = { indices, sequence, attentionMask };
    const work = accumulationOf(cut, index, pieces.length);
    const observes = isProbed(probe?.options, step);
    const job = { work, shape: { batchSize, sequence }, probe: observes };
    const executable = await cache.get(job);
    const ranked = cache.rankedLayers(job);
    const guesses = priorities(rowNorms, ranked, rows);
    const outputs = await executable.run({
      ...model.inputs(batch),
      ...guesses,
      // Counts micro-batches over the whole run, so that no two draw the same numbers.
      key: Int32Array.of(seed, cut.microStep(epoch, piece.start)),
      ...(work === 'add' ? {} : { settings: adamw }),
    });
    const loss = outputs.loss![0]!;
    if (!Number.isFinite(loss)) throw nonFinite(`the loss is ${loss}`);
    // The cotangents of a batch's mean are those of its sum over the batch's size.
    const scale = work === 'none' ? batchSize ** 2 : 1;
    for (const layer of ranked) {
      const norms = outputs[rowNormOutput(layer)]!.map((norm) => norm * scale);
      if (!norms.every(Number.isFinite))
        throw nonFinite(`the gradient at '${layer}' is not finite`);
      rowNorms.record(layer, rows, norms);
    }
    if (probe && observes)
      for await (const record of probe.records(step + 1, guesses, outputs))
        probe.options.onRecord(record);
    total += loss * batchSize;
  }
  return { loss: total / examples, examples };
}

/** The graph inputs of the layers that rank their rows. */
const priorities = (
  rowNorms: RowNorms,
  layers: readonly string[],
  rows: BatchRows,
): Record<string, TensorData> =>
  Object.fromEntries(
    layers.map((layer) => [priorityInput(layer), rowNorms.priorities(layer, rows)]),
  );

/** @throws UsageError where the schedule gives what no learning rate can be multiplied with */
export function learningRateAt(
  { learningRate, schedule, totalSteps }: Settings,
  step: number,
): number {
  const factor = schedule.factor(step, totalSteps);
  if (typeof factor === 'number' && factor >= 0 && Number.isFinite(factor))
    return learningRate * factor;
  throw new UsageError(
    `a schedule's factor must be a number from 0 up, but in step ${step} of ${totalSteps} it is ${describeValue(factor)}`,
  );
}
