import { trace, type Value } from '@sketchgrad/core';
import type { Configuration, Json } from '../checkpoints/progress.js';
import { graphChecksum } from './checksum.js';

/** The part of a configuration that stands for all of a model that its settings do not say. */
export const AS_TRACED = 'model as traced';

/** A model of either kind, as far as it says what it is. */
interface Described<Sizes> {
  readonly config?: object;
  build(options: { readonly shape: Sizes; readonly training: boolean }): {
    readonly loss: Value;
    readonly predictions: Value;
  };
}

/**
 * What a run's numbers owe to its model: its own settings by name, so that a refusal can name them, and
 * a checksum of its passes, with dropout and without, for what its settings do not say.
 */
export function modelParts<Sizes>(model: Described<Sizes>, shape: Sizes): Configuration {
  // As they come back from a checkpoint: without what is undefined.
  const config = JSON.parse(JSON.stringify(model.config ?? {})) as Record<string, Json>;
  const pass = (training: boolean) =>
    graphChecksum(
      trace(() => {
        const { loss, predictions } = model.build({ shape, training });
        return { loss, predictions };
      }),
    );
  return {
    ...Object.fromEntries(Object.entries(config).map(([name, value]) => [`model.${name}`, value])),
    [AS_TRACED]: `${pass(true)}, ${pass(false)}`,
  };
}
