import {
  averagePooling,
  elements,
  maxPooling,
  reshape,
  scale,
  sum,
  type Value,
  type WindowOptions,
} from '@sketchgrad/core';
import type { LayerKind } from './kind.js';
import { onlyInput } from './only-input.js';
import { asImages, expectChannelsLast, imagesAs, windowOf } from './windows.js';

const pooling = (
  classes: readonly string[],
  pool: (x: Value, options: WindowOptions) => Value,
): LayerKind => ({
  classes,
  trace: (inputs, context) => {
    const x = onlyInput(inputs, context);
    expectChannelsLast(context);
    return imagesAs(pool(asImages(x), windowOf(context, context.config.poolSize)), x);
  },
});

/** The largest of a window's numbers, channel by channel. */
export const maxPoolingLayer = pooling(['MaxPooling1D', 'MaxPooling2D'], maxPooling);

/** The mean of a window's numbers, channel by channel. */
export const averagePoolingLayer = pooling(
  ['AveragePooling1D', 'AveragePooling2D'],
  averagePooling,
);

/** The mean over all places. f32 [batch, ..., channels] → f32 [batch, channels]. */
export const globalAveragePooling: LayerKind = {
  classes: ['GlobalAveragePooling1D', 'GlobalAveragePooling2D'],
  trace: (inputs, context) => {
    const x = onlyInput(inputs, context);
    expectChannelsLast(context);
    const [batch, channels] = [x.shape[0]!, x.shape.at(-1)!];
    const places = elements(x) / (batch * channels);
    return scale(sum(reshape(x, [batch, places, channels]), { axis: 1 }), 1 / places);
  },
};

/** The largest of all places. f32 [batch, ..., channels] → f32 [batch, channels]. */
export const globalMaxPooling: LayerKind = {
  classes: ['GlobalMaxPooling1D', 'GlobalMaxPooling2D'],
  trace: (inputs, context) => {
    const x = asImages(onlyInput(inputs, context));
    expectChannelsLast(context);
    const [batch, rows, columns, channels] = x.shape as [number, number, number, number];
    return reshape(maxPooling(x, { size: [rows, columns] }), [batch, channels]);
  },
};
