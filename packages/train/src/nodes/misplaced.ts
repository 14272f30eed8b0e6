import { wrongEvaluations } from '../loop/misplaced.js';
import type { Misplaced } from '../loop/run-checkpoints.js';
import type { NodeSettings } from './options.js';

/** What no run of these settings has left: {@link Misplaced}. */
export const misplacedNodes =
  ({ epochs, evaluateEvery, seed, batches }: NodeSettings): Misplaced =>
  (progress) => {
    const { step, epoch, position, losses } = progress;
    if (epoch > epochs || position !== 0) return `its place is ${position} in epoch ${epoch}`;
    if (losses.length !== epoch) return `it has ${losses.length} losses of ${epoch} epochs`;
    // How many of a graph's parts have something to learn from differs from epoch to epoch.
    if (!batches && step !== epoch) return `step ${step} does not end epoch ${epoch}`;
    if (progress.seed !== seed) return `its seed is ${progress.seed}`;
    const evaluated = Array.from({ length: epoch }, (_, each) => ({ epoch: each })).filter(
      ({ epoch: each }) => each + 1 === epochs || (each + 1) % evaluateEvery === 0,
    );
    const at = batches ? evaluated : evaluated.map((each) => ({ ...each, step: each.epoch + 1 }));
    return wrongEvaluations(progress, at, ['valid', 'test', 'validLoss']);
  };
