import { reshape, type Shape, scale, sum, UsageError, type Value } from '@sketchgrad/core';
import type { LayerContext, LayerKind } from './kind.js';
import { onlyInput } from './only-input.js';

/** @throws UsageError where images have their channels first */
function expectChannelsLast({ name, config }: LayerContext): void {
  if (config.dataFormat === 'channelsFirst')
    throw new UsageError(
      `layer '${name}' has its channels first; supported is dataFormat 'channelsLast'`,
    );
}

/** f32 [batch, ...] → f32 [batch, n]. */
export const flatten: LayerKind = {
  classes: ['Flatten'],
  trace: (inputs, context) => {
    const x = onlyInput(inputs, context);
    expectChannelsLast(context);
    return reshape(x, [x.shape[0]!, elementsOf(x.shape.slice(1))]);
  },
};

const elementsOf = (shape: Shape): number => shape.reduce((all, size) => all * size, 1);

/** f32 [batch, ...] → f32 [batch, ...targetShape], in which one size may be left open. */
export const reshapeLayer: LayerKind = {
  classes: ['Reshape'],
  trace: (inputs, context) => {
    const x = onlyInput(inputs, context);
    const target = context.config.targetShape as (number | null)[];
    const isOpen = (size: number | null) => size === null || size === -1;
    const known = elementsOf(target.filter((size): size is number => !isOpen(size)));
    const rest = elementsOf(x.shape.slice(1)) / known;
    return reshape(x, [x.shape[0]!, ...target.map((size) => (isOpen(size) ? rest : size!))]);
  },
};

/** The mean over all places. f32 [batch, ..., channels] → f32 [batch, channels]. */
export const globalAveragePooling: LayerKind = {
  classes: ['GlobalAveragePooling1D', 'GlobalAveragePooling2D'],
  trace: (inputs, context) => {
    const x = onlyInput(inputs, context);
    expectChannelsLast(context);
    return placesMean(x);
  },
};

function placesMean(x: Value): Value {
  const [batch, channels] = [x.shape[0]!, x.shape.at(-1)!];
  const places = elementsOf(x.shape.slice(1, -1));
  return scale(sum(reshape(x, [batch, places, channels]), { axis: 1 }), 1 / places);
}
