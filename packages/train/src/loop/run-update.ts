import { UsageError } from '@sketchgrad/core';
import type { TrainableModel } from '../model.js';
import { adamwSettings } from '../optimizer/adamw.js';
import type { ExecutableCache } from '../step/executable-cache.js';
import { accumulationOf, indicesOf } from './jobs.js';
import type { Settings } from './settings.js';

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
  model: TrainableModel,
  cache: ExecutableCache,
  settings: Settings,
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
    const batch = data.batch(indicesOf(order, piece));
    if (!batch.labels) throw new UsageError('the training data has no labels');
    const { batchSize, sequence } = batch;
    const work = accumulationOf(cut, index, pieces.length);
    const executable = await cache.get({ work, shape: { batchSize, sequence } });
    const outputs = await executable.run({
      ...model.inputs(batch),
      // Counts micro-batches over the whole run, so that no two draw the same numbers.
      key: Int32Array.of(seed, cut.microStep(epoch, piece.start)),
      ...(work === 'add' ? {} : { settings: adamw }),
    });
    const loss = outputs.loss![0]!;
    if (!Number.isFinite(loss)) throw nonFinite(`the loss is ${loss}`);
    total += loss * batchSize;
  }
  return { loss: total / examples, examples };
}

export const learningRateAt = (
  { learningRate, schedule, totalSteps }: Settings,
  step: number,
): number => learningRate * schedule.factor(step, totalSteps);
