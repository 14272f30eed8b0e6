import { add, concatenate, multiply, scale, UsageError, type Value } from '@sketchgrad/core';
import type { LayerContext, LayerKind } from './kind.js';

/** @throws UsageError for fewer than two inputs */
function merged(
  inputs: readonly Value[],
  { name }: LayerContext,
  merge: (a: Value, b: Value) => Value,
): Value {
  if (inputs.length < 2) throw new UsageError(`layer '${name}' merges two inputs or more`);
  return inputs.reduce(merge);
}

/** The sum of its inputs. */
export const addLayer: LayerKind = {
  classes: ['Add'],
  trace: (inputs, context) => merged(inputs, context, add),
};

/** The product of its inputs, element by element. */
export const multiplyLayer: LayerKind = {
  classes: ['Multiply'],
  trace: (inputs, context) => merged(inputs, context, multiply),
};

/** The mean of its inputs. */
export const average: LayerKind = {
  classes: ['Average'],
  trace: (inputs, context) => scale(merged(inputs, context, add), 1 / inputs.length),
};

/** Its inputs one behind the other along an axis, the last one unless told. */
export const concatenateLayer: LayerKind = {
  classes: ['Concatenate'],
  trace: (inputs, context) => concatenate(inputs, { axis: context.config.axis as number }),
};
