import {
  describeValue,
  reshape,
  UsageError,
  type Value,
  type WindowOptions,
} from '@sketchgrad/core';
import type { LayerContext } from './kind.js';

/** @throws UsageError where images have their channels first */
export function expectChannelsLast({ name, config }: LayerContext): void {
  if (config.dataFormat === 'channelsFirst')
    throw new UsageError(
      `layer '${name}' has its channels first; supported is dataFormat 'channelsLast'`,
    );
}

/** Numbers along rows and columns; of a sequence, whose places are rows, along rows. */
const pairOf = (given: unknown): [number, number] => {
  const [first, second = 1] = [given].flat() as number[];
  return [first!, second];
};

/**
 * The window that a layer's settings are of.
 * @throws UsageError for a padding that is not supported
 */
export function windowOf({ name, config }: LayerContext, size: unknown): WindowOptions {
  const { padding } = config;
  if (padding !== 'valid' && padding !== 'same')
    throw new UsageError(
      `layer '${name}' has the padding ${describeValue(padding)}; supported are 'valid' and 'same'`,
    );
  return {
    ...{ size: pairOf(size), strides: pairOf(config.strides), padding },
    dilation: pairOf(config.dilationRate ?? 1),
  };
}

/** Sequences as images of one column: f32 [batch, places, channels] → [batch, places, 1, channels]. */
export const asImages = (x: Value): Value =>
  x.shape.length === 4 ? x : reshape(x, [x.shape[0]!, x.shape[1]!, 1, x.shape[2]!]);

/** Images of one column as sequences again, where they were. */
export const imagesAs = (images: Value, x: Value): Value =>
  x.shape.length === 4
    ? images
    : reshape(images, [images.shape[0]!, images.shape[1]!, images.shape[3]!]);
