import { multiply, relu, scale, subtract, UsageError } from '@sketchgrad/core';
import { activate, clipped, elu } from '../activations/index.js';
import type { LayerKind } from './kind.js';
import { onlyInput } from './only-input.js';

/** An activation as a layer of its own. f32, any shape. */
export const activation: LayerKind = {
  classes: ['Activation'],
  trace: (inputs, context) =>
    activate(onlyInput(inputs, context), context.config.activation, context),
};

export const reluLayer: LayerKind = {
  classes: ['ReLU'],
  trace: (inputs, context) => {
    const x = onlyInput(inputs, context);
    const most = context.config.maxValue as number | null | undefined;
    return most === undefined || most === null ? relu(x) : clipped(x, 0, most);
  },
};

/** x, times `alpha` below 0. */
export const leakyRelu: LayerKind = {
  classes: ['LeakyReLU'],
  trace: (inputs, context) => {
    const x = onlyInput(inputs, context);
    return subtract(relu(x), scale(relu(scale(x, -1)), context.config.alpha as number));
  },
};

/** x, times a trained number below 0. */
export const prelu: LayerKind = {
  classes: ['PReLU'],
  trace: (inputs, context) => {
    const x = onlyInput(inputs, context);
    return subtract(relu(x), multiply(relu(scale(x, -1)), context.weight('alpha')));
  },
};

export const eluLayer: LayerKind = {
  classes: ['ELU'],
  trace: (inputs, context) => elu(onlyInput(inputs, context)),
};

export const softmaxLayer: LayerKind = {
  classes: ['Softmax'],
  trace: (inputs, context) => {
    const x = onlyInput(inputs, context);
    const axis = [context.config.axis].flat() as number[];
    if (axis.length !== 1 || (axis[0] !== -1 && axis[0] !== x.shape.length - 1))
      throw new UsageError(
        `layer '${context.name}' is a softmax along axis ${axis.join(', ')}; supported is the last one, ${x.shape.length - 1}`,
      );
    return activate(x, 'softmax', context);
  },
};
