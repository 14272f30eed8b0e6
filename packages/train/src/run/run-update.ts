import {
  describeValue,
  KEY_INPUT,
  priorityInput,
  rowNormOutput,
  SETTINGS_INPUT,
  type TensorData,
  UsageError,
} from '@sketchgrad/core';
import { accumulationOf } from '../jobs/jobs.js';
import { optimizerSettings } from '../optimizer/optimizer.js';
import { isProbed } from '../probe/options.js';
import type { RunSettings } from '../settings/settings.js';
import { rowsOf } from '../source/rows-of.js';
import type { StepUpdate } from '../source/step-source.js';
import type { RunParts } from './run-parts.js';

/** Where in a run an update is. */
export interface Place {
  /** Updates made before it. */
  readonly step: number;
  /** Passes made before it. */
  readonly passes: number;
}

/**
 * Makes one update of the parameters, batch by batch.
 *
 * @param nonFinite makes the error for a loss that is not finite
 * @returns the mean loss of the update's examples, before it
 */
export async function runUpdate<Sizes extends object>(
  parts: Pick<RunParts<Sizes>, 'source' | 'cache' | 'settings' | 'rowNorms' | 'probe'>,
  { examples, batches }: StepUpdate<Sizes>,
  { step, passes }: Place,
  nonFinite: (what: string) => Error,
): Promise<number> {
  const { source, cache, settings, rowNorms, probe } = parts;
  expectBatches(batches.length, source.accumulates ?? false);
  const numbers = optimizerSettings(settings.optimizer, {
    learningRate: learningRateAt(settings, step),
    step: step + (settings.options.optimizerSteps ?? 0),
    gradientScale: source.accumulates ? 1 / examples : 1,
  });
  let total = 0;
  for (const [index, make] of batches.entries()) {
    const batch = await make();
    const work = accumulationOf(source, index, batches.length);
    const observes = isProbed(probe?.options, step);
    const job = { work, shape: batch.shape, examples: batch.examples, probe: observes };
    const executable = await cache.get(job);
    const { ranked, isDrawn } = cache.needs(job);
    const guesses: Record<string, TensorData> = {};
    for (const layer of ranked)
      guesses[priorityInput(layer)] = rowNorms.priorities(layer, rowsOf(batch, layer));
    const outputs = await executable.run({
      ...batch.inputs,
      ...guesses,
      // Counts passes over the whole run, so that no two draw the same numbers.
      ...(isDrawn ? { [KEY_INPUT]: Int32Array.of(settings.seed, passes + index) } : {}),
      ...(work === 'add' ? {} : { [SETTINGS_INPUT]: numbers }),
    });
    const loss = outputs.loss![0]!;
    if (!Number.isFinite(loss)) throw nonFinite(`the loss is ${loss}`);
    // The cotangents of a batch's mean are those of its sum over the batch's size.
    const scale = work === 'none' ? batch.examples ** 2 : 1;
    for (const layer of ranked) {
      const norms = outputs[rowNormOutput(layer)]!.map((norm) => norm * scale);
      if (!norms.every(Number.isFinite))
        throw nonFinite(`the gradient at '${layer}' is not finite`);
      rowNorms.record(layer, rowsOf(batch, layer), norms);
    }
    if (probe && observes)
      for await (const record of probe.records(step + 1, guesses, outputs))
        probe.options.onRecord(record);
    source.onOutputs?.(batch, outputs);
    total += loss * batch.examples;
  }
  return total / examples;
}

/** @throws UsageError for an update of no batch, or of several that nothing adds up */
function expectBatches(count: number, accumulates: boolean): void {
  if (count === 1 || (accumulates && count > 0)) return;
  throw new UsageError(
    `an update of the source has ${count} batches; accepted: ${accumulates ? 'at least one' : 'one, or more where its accumulates is true'}`,
  );
}

/** @throws UsageError where the schedule gives what no learning rate can be multiplied with */
export function learningRateAt(
  {
    learningRate,
    schedule,
    totalSteps,
  }: Pick<RunSettings, 'learningRate' | 'schedule' | 'totalSteps'>,
  step: number,
): number {
  const factor = schedule.factor(step, totalSteps ?? 0);
  if (typeof factor === 'number' && factor >= 0 && Number.isFinite(factor))
    return learningRate * factor;
  throw new UsageError(
    `a schedule's factor must be a number from 0 up, but in step ${step} of ${totalSteps} it is ${describeValue(factor)}`,
  );
}
