import { type FineTuneOptions, type TrainableModel, traceTrainingStep } from '@sketchgrad/train';
import { orSayWhatFits } from './fitting-batch.js';

/**
 * Trains; where a step does not fit into memory, the error says into how many pieces to cut a batch
 * so that it does, which changes the gradients by no more than rounding.
 *
 * @throws PlanError with that advice; what `work` throws
 */
export function orSayWhatAccumulates<T>(
  work: () => Promise<T>,
  model: TrainableModel,
  options: FineTuneOptions,
): Promise<T> {
  const {
    backend,
    data,
    batchSize = 32,
    accumulate = 1,
    estimator,
    everyLayer,
    keep,
    recompute,
    clipNorm,
  } = options;
  const lengths = Int32Array.from({ length: data.length }, (_, index) => data.lengthOf(index));
  const falling = lengths.sort().reverse();
  // As many tokens as a batch of this size can have at most; data of fewer examples has none so large.
  const shapeOf = (size: number) => ({
    batchSize: size,
    rows: falling.subarray(0, size).reduce((sum, length) => sum + length, 0),
    longest: falling[0]!,
  });
  return orSayWhatFits(work, {
    backend,
    batchSize: batchSize / accumulate,
    traceAt: (size) =>
      traceTrainingStep(model, {
        shape: shapeOf(size),
        ...{ accumulation: 'apply', examples: size },
        everyLayer,
        ...(estimator && { estimator }),
        ...(keep && { keep }),
        ...(recompute && { recompute }),
        ...(clipNorm === undefined ? {} : { clipNorm }),
      }),
    advise: (largest) => {
      const pieces = smallestDivisor(batchSize, Math.ceil(batchSize / largest));
      return `With all else the same, --accumulate ${pieces} fits: ${batchSize / pieces} examples at a time`;
    },
  });
}

/** The smallest divisor of a number that is at least `least`. */
function smallestDivisor(of: number, least: number): number {
  let divisor = least;
  while (of % divisor !== 0) divisor++;
  return divisor;
}
