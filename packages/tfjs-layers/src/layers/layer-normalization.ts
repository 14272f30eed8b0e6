import { add, affine, multiply, normalize, UsageError, type Value } from '@sketchgrad/core';
import type { LayerContext, LayerKind } from './kind.js';
import { onlyInput } from './only-input.js';
import { asRows, rowsAs } from './rows.js';

/** Normalisation over the last axis, scaled and moved. f32 [..., n] → the same. */
export const layerNormalization: LayerKind = {
  classes: ['LayerNormalization'],
  trace: (inputs, context) => {
    const x = onlyInput(inputs, context);
    expectLastAxis(context, x.shape.length);
    const [normalized] = normalize(asRows(x), { epsilon: context.config.epsilon as number });
    return rowsAs(scaledAndMoved(normalized, context), x.shape);
  },
};

/** @throws UsageError for another axis than the last */
export function expectLastAxis({ name, config }: LayerContext, axes: number): void {
  const given = [config.axis].flat() as number[];
  if (given.length !== 1 || (given[0] !== -1 && given[0] !== axes - 1))
    throw new UsageError(
      `layer '${name}' normalises along axis ${given.join(', ')}; supported is the last one, ${axes - 1}`,
    );
}

/** x · gamma + beta, as far as the layer has them. f32 [rows, n] → the same. */
export function scaledAndMoved(x: Value, context: LayerContext): Value {
  const gamma = context.has('gamma') ? context.weight('gamma') : undefined;
  const beta = context.has('beta') ? context.weight('beta') : undefined;
  if (gamma && beta) return affine(x, gamma, beta);
  if (gamma) return multiply(x, gamma);
  return beta ? add(x, beta) : x;
}
