import { UsageError, type Value } from '@sketchgrad/core';
import type { LayerContext } from './kind.js';

/** The one input that a layer takes. @throws UsageError for several */
export function onlyInput(inputs: readonly Value[], { name }: LayerContext): Value {
  if (inputs.length !== 1)
    throw new UsageError(`layer '${name}' takes one input, not ${inputs.length}`);
  return inputs[0]!;
}
