import type { LayerKind } from './kind.js';
import { onlyInput } from './only-input.js';

/** What a model is given. */
export const inputLayer: LayerKind = {
  classes: ['InputLayer'],
  trace: (inputs, context) => onlyInput(inputs, context),
};
