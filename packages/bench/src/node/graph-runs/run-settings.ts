import type { NodeDataset } from '@sketchgrad/datasets';
import { byValue, formatEstimator, settleEstimator } from '@sketchgrad/train/language';
import { backendSettings } from '../../open-backend.js';
import { decidingNumbers } from '../runs/deciding.js';
import { GRAPH_RUN_DECIDES } from './decides.js';
import { networkFor } from './network.js';
import type { GraphRunSettings } from './settings.js';
import { trainingSettings } from './training-settings.js';

/**
 * All that a run's numbers depend on but its data, by value: however it was typed, and whether it was
 * typed or is as published, the same is told alike.
 *
 * @throws what `loadBackend` and `networkFor` throw
 */
export async function graphRunSettings(
  options: GraphRunSettings,
  data: NodeDataset,
): Promise<Readonly<Record<string, unknown>>> {
  const network = networkFor(options, data);
  // By the data's name settings are found, and by their content features that have been divided.
  const { published: _, normalizeRows: __, ...settings } = trainingSettings(options, data, network);
  return decidingNumbers(options, GRAPH_RUN_DECIDES, {
    ...network.config,
    ...settings,
    ...(await backendSettings(options)),
    estimator: formatEstimator(byValue(settleEstimator(options.estimator, options))),
  });
}
