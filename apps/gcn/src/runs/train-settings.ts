import { backendSettings } from '@sketchgrad/bench';
import { decidingNumbers } from '@sketchgrad/bench/command-line';
import type { NodeDataset } from '@sketchgrad/datasets';
import { byValue, formatEstimator, settleEstimator } from '@sketchgrad/train/language';
import { networkFor } from '../graphs/network.js';
import { TRAINING_DECIDES } from '../options/decides.js';
import { trainingSettings } from '../options/settings.js';
import type { RunOptions } from '../options/training.js';

/**
 * All that a run's numbers depend on but its data, by value: however it was typed, and whether it was
 * typed or is as published, the same is told alike.
 *
 * @throws what `loadBackend` and `networkFor` throw
 */
export async function trainSettings(
  options: RunOptions,
  data: NodeDataset,
): Promise<Readonly<Record<string, unknown>>> {
  const network = networkFor(options, data);
  // By the data's name settings are found, and by their content features that have been divided.
  const { published: _, normalizeRows: __, ...settings } = trainingSettings(options, data, network);
  return decidingNumbers(options, TRAINING_DECIDES, {
    ...network.config,
    ...settings,
    ...(await backendSettings(options)),
    estimator: formatEstimator(byValue(settleEstimator(options.estimator, options))),
  });
}
