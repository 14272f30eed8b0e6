import { activate } from '../activations/index.js';
import type { LayerKind } from './kind.js';
import { onlyInput } from './only-input.js';
import { asImages, expectChannelsLast, imagesAs, windowOf } from './windows.js';

/** activation(patches(x) · kernel + bias). f32 [batch, rows, columns, channels], or a sequence without columns. */
export const convolutionLayer: LayerKind = {
  classes: ['Conv1D', 'Conv2D'],
  turned: ['kernel'],
  trace: (inputs, context) => {
    const x = onlyInput(inputs, context);
    expectChannelsLast(context);
    const window = windowOf(context, context.config.kernelSize);
    const bias = context.has('bias') ? context.weight('bias') : undefined;
    const y = context.convolution(asImages(x), context.weight('kernel'), bias, window);
    return activate(imagesAs(y, x), context.config.activation, context);
  },
};
