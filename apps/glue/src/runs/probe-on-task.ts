import { layersOfEstimator, openBackend } from '@sketchgrad/bench';
import type { Progress } from '@sketchgrad/bench/command-line';
import { formatDuration, readTraining, residentMemory } from '@sketchgrad/bench/node';
import { type Backend, sentenceShape } from '@sketchgrad/core';
import type { EncoderClassifier } from '@sketchgrad/models';
import { fineTune, InterruptedError, layersOf, type ProbeRecord } from '@sketchgrad/train';
import { buildEstimator, settleEstimator } from '@sketchgrad/train/language';
import { OBSERVED_RATE, type VarianceOptions } from '../options/variance.js';

/** What surrounds a run. */
export interface ProbeContext {
  readonly progress: Progress;
  readonly onRecord: (record: ProbeRecord) => void;
  /** Once aborted, the run ends after its step. */
  readonly signal: AbortSignal;
}

/** Whose variance is told: the paper's, unless told otherwise. */
export const observedEstimator = (options: VarianceOptions) =>
  settleEstimator(options.estimator, { ...options, rate: options.rate ?? OBSERVED_RATE });

/**
 * Trains a model on a task, with some of its layers observed.
 *
 * @throws what reading, loading and `fineTune` throw
 */
export async function probeOnTask(options: VarianceOptions, context: ProbeContext): Promise<void> {
  const observed = observedEstimator(options);
  const estimator = buildEstimator(observed);
  const backend = await openBackend(options);
  try {
    const { model, data } = await readTraining(options, context.progress);
    const { every, measured, layers = [defaultLayer(model)] } = options;
    await untilStep(options.steps, context.signal, (signal, onStep) =>
      fineTune(model, {
        ...settingsOf(options, backend),
        ...layersOfEstimator(options.trained, model, options).option,
        data,
        signal,
        probe: {
          layers,
          estimator,
          every,
          measured: observed.estimator === 'dense' ? 0 : measured,
          onRecord: context.onRecord,
        },
        onStep: ({ step, totalSteps, loss, secondsPerStep }) => {
          const last = Math.min(totalSteps!, options.steps ?? totalSteps!);
          const rest = formatDuration((last - step) * secondsPerStep);
          const details = `loss ${loss.toFixed(4)}  ETA ${rest}  ${residentMemory()}`;
          context.progress.show(step, last, details);
          onStep(step);
        },
      }),
    );
  } finally {
    context.progress.end();
    await backend.dispose();
  }
}

const settingsOf = (options: VarianceOptions, backend: Backend) => {
  const { epochs, learningRate, batchSize, recompute, keep, priorities, seed } = options;
  const shared = { backend, epochs, learningRate, batchSize, recompute, priorities, seed };
  return keep ? { ...shared, keep } : shared;
};

/** The last linear layer of block 7 of 12, or of the block at the same depth of another model. */
export function defaultLayer(model: EncoderClassifier): string {
  const blocks = model.config.layers;
  const block = Math.min(blocks - 1, Math.round((7 / 12) * blocks));
  const layers = layersOf(model, sentenceShape(1, 1));
  return layers.findLast(({ name }) => name.split('.').includes(String(block)))!.name;
}

/** Runs `train` to its end, or until it has made so many steps, which is no failure. */
async function untilStep(
  steps: number | undefined,
  interruption: AbortSignal,
  train: (signal: AbortSignal, onStep: (step: number) => void) => Promise<unknown>,
): Promise<void> {
  const end = new AbortController();
  interruption.addEventListener('abort', () => end.abort());
  if (interruption.aborted) end.abort();
  try {
    await train(end.signal, (step) => {
      if (step === steps) end.abort();
    });
  } catch (error) {
    if (!(error instanceof InterruptedError) || interruption.aborted) throw error;
  }
}
