import { elements, permuteAxes, reshape } from '@sketchgrad/core';
import type { LayerKind } from './kind.js';
import { onlyInput } from './only-input.js';
import { expectChannelsLast } from './windows.js';

/** f32 [batch, ...] → f32 [batch, n]. */
export const flatten: LayerKind = {
  classes: ['Flatten'],
  trace: (inputs, context) => {
    const x = onlyInput(inputs, context);
    expectChannelsLast(context);
    return reshape(x, [x.shape[0]!, elements(x) / x.shape[0]!]);
  },
};

/** f32 [batch, ...] → f32 [batch, ...targetShape], in which one size may be left open. */
export const reshapeLayer: LayerKind = {
  classes: ['Reshape'],
  trace: (inputs, context) => {
    const x = onlyInput(inputs, context);
    const target = context.config.targetShape as (number | null)[];
    const isOpen = (size: number | null) => size === null || size === -1;
    const shape = [x.shape[0]!, ...target.filter((size): size is number => !isOpen(size))];
    const rest = elements(x) / elements({ dtype: 'f32', shape });
    return reshape(x, [x.shape[0]!, ...target.map((size) => (isOpen(size) ? rest : size!))]);
  },
};

/** Axes behind the batch's in another order. */
export const permute: LayerKind = {
  classes: ['Permute'],
  trace: (inputs, context) =>
    permuteAxes(onlyInput(inputs, context), [0, ...(context.config.dims as number[])]),
};
