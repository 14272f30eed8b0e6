import { elements } from '@sketchgrad/core';
import type { Lowering } from '../lowering.js';
import { done } from '../tensors/done.js';
import { type WindowAttributes, windowSizes } from './windows.js';

type PlacesAtPixels = WindowAttributes & { readonly at: number };

/**
 * The place whose window has each pixel as its `at`-th, counted over all images; behind all of them where there is
 * none. i32 [batch · rows · columns]
 */
function placesOf({ windows, at }: PlacesAtPixels, batch: number): Int32Array {
  const { size, strides, dilation, before, image, places } = windows;
  const [down, across] = [Math.floor(at / size[1]), at % size[1]];
  const along = (axis: 0 | 1, element: number, pixel: number): number => {
    const from = pixel + before[axis] - element * dilation[axis];
    const place = from / strides[axis];
    return Number.isInteger(place) && place >= 0 && place < places[axis] ? place : -1;
  };
  const perImage = places[0] * places[1];
  const found = new Int32Array(batch * image[0] * image[1]).fill(batch * perImage);
  for (let row = 0; row < image[0]; row++) {
    const line = along(0, down, row);
    for (let column = 0; line >= 0 && column < image[1]; column++) {
      const place = along(1, across, column);
      for (let each = 0; place >= 0 && each < batch; each++)
        found[(each * image[0] + row) * image[1] + column] =
          each * perImage + line * places[1] + place;
    }
  }
  return found;
}

/** Rows of places, and one of zeros behind them, taken by each pixel. */
export const placesAtPixels: Lowering<PlacesAtPixels> = {
  op: 'placesAtPixels',
  scratchBytes(node) {
    const [dy] = node.inputs;
    const pixels = node.outputs[0]!.shape[0]!;
    return elements(dy!) === 0 ? 0 : 4 * (elements(dy!) + dy!.shape[3]! + pixels);
  },
  lower([dy], node, context) {
    const { tf, view, upload } = context;
    const { shape } = node.outputs[0]!;
    const [batch, , , outputs] = dy!.shape as [number, number, number, number];
    const { places } = windowSizes(node, batch, outputs);
    if (places * outputs === 0) return [tf.zeros([...shape])];
    const rows = tf.pad(view(dy!, [places, outputs]), [
      [0, 1],
      [0, 0],
    ]);
    const indices = upload(placesOf(node.attributes, batch));
    const found = tf.gather(rows, indices as never);
    done(rows, indices);
    return [found];
  },
};
