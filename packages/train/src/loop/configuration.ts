import type { Configuration } from '../checkpoints/progress.js';
import type { TrainableModel, TrainingData } from '../model.js';
import { describeEstimator } from './describe-estimator.js';
import { jobsOf } from './jobs.js';
import type { Settings } from './settings.js';

/**
 * Everything that a run's numbers depend on and that can be told from outside. `recompute` is not
 * among it: recomputed values have the same bits.
 */
export function configurationOf(model: TrainableModel, settings: Settings): Configuration {
  const { backend, data, cut, epochs, learningRate, schedule, optimizer, seed } = settings;
  const { estimator, keep = {}, clipNorm, evaluation } = settings.options;
  const [first] = jobsOf(settings);
  return {
    backend: backend.name,
    data: fingerprint(data),
    evaluation: evaluation
      ? { data: fingerprint(evaluation.data), metrics: [...evaluation.metrics] }
      : null,
    epochs,
    batchSize: cut.batchSize,
    accumulate: cut.accumulate,
    learningRate,
    schedule: schedule.name,
    optimizer: { ...optimizer },
    estimator: describeEstimator(estimator, model, first!.shape),
    priorities: settings.priorities,
    keep: { ...keep },
    clipNorm: clipNorm ?? null,
    seed,
  };
}

/** How many examples a fingerprint looks at, so that it costs nothing on large data either. */
const SAMPLES = 16;

/** Tells data sets apart: how many examples there are, and a checksum of some of them. */
function fingerprint(data: TrainingData): string {
  // FNV-1a, 32 bits.
  let hash = 0x811c9dc5;
  const count = Math.min(SAMPLES, data.length);
  for (let i = 0; i < count; i++) {
    const { tokenIds, labels } = data.batch([Math.floor((i * data.length) / count)]);
    for (const values of labels ? [tokenIds, labels] : [tokenIds])
      for (const byte of new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
        hash = Math.imul(hash ^ byte, 0x01000193);
  }
  return `${data.length} examples, ${(hash >>> 0).toString(16).padStart(8, '0')}`;
}
