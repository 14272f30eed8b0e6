import type { TensorData } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import type { FineTuneOptions, InterruptedError, TrainingRun } from '../src/index.js';
import { TinyModel, tinyData } from './tiny-model.js';

export const model = new TinyModel({ perToken: true });

/** 11 examples in batches of 4: 3 steps an epoch, the last of 3 examples; 9 steps. */
export const base = (): FineTuneOptions => ({
  // A new backend stands for a new process: nothing is in memory.
  backend: createReferenceBackend(),
  data: tinyData({ count: 11 }),
  evaluation: { data: tinyData({ count: 7 }), metrics: ['accuracy', 'matthews'] },
  epochs: 3,
  batchSize: 4,
  learningRate: 0.05,
  // Its tokens would give it an exact gradient for nothing.
  everyLayer: true,
  seed: 3,
});

/** All that a run ends with but its times and sizes. */
export async function outcome({
  state,
  loss,
  metrics,
  evaluations,
  predictions,
  steps,
}: TrainingRun) {
  const tensors: Record<string, TensorData> = {};
  for (const name of [...state.tensors.keys()].sort()) tensors[name] = await state.read(name);
  return { loss, metrics, evaluations, predictions, steps, tensors };
}

export const isInterrupted = (error: unknown): error is InterruptedError =>
  (error as { code?: unknown }).code === 'interrupted';
