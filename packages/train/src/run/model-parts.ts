import { type Model, trace } from '@sketchgrad/core';
import type { Configuration, Json } from '../checkpoints/progress.js';
import { graphChecksum } from './graph-checksum.js';

/** The part of a configuration that stands for all of a model that its settings do not say. */
export const AS_TRACED = 'model as traced';

/**
 * What a run's numbers owe to its model: its own settings by name, so that a refusal can name them, and
 * a checksum of its passes, with dropout and without, for what its settings do not say.
 */
export function modelParts<Sizes>(
  model: Pick<Model<Sizes>, 'config' | 'build'>,
  shape: Sizes,
): Configuration {
  // As they come back from a checkpoint: without what is undefined.
  const config = JSON.parse(JSON.stringify(model.config ?? {})) as Record<string, Json>;
  const pass = (training: boolean) => graphChecksum(trace(() => model.build({ shape, training })));
  return {
    ...Object.fromEntries(Object.entries(config).map(([name, value]) => [`model.${name}`, value])),
    [AS_TRACED]: `${pass(true)}, ${pass(false)}`,
  };
}
