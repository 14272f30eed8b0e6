import { activate } from '../activations/index.js';
import type { LayerKind } from './kind.js';
import { onlyInput } from './only-input.js';
import { asRows, rowsAs } from './rows.js';

/** activation(x · kernel + bias) over the last axis. f32 [..., inputs] → f32 [..., units]. */
export const dense: LayerKind = {
  classes: ['Dense'],
  turned: ['kernel'],
  trace: (inputs, context) => {
    const x = onlyInput(inputs, context);
    const bias = context.has('bias') ? context.weight('bias') : undefined;
    const y = rowsAs(context.linear(asRows(x), context.weight('kernel'), bias), x.shape);
    return activate(y, context.config.activation, context);
  },
};
