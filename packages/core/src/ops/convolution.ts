import { ShapeError } from '../errors.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import { expectShape, expectType } from './rules.js';
import { imageSizes, placesShape, type Windows, windowElements } from './windows.js';

type Attributes = {
  readonly windows: Windows;
  /** The estimator's name, for people. */
  readonly estimator: string;
};

/**
 * Z = patches(x) Wᵀ + b of images x f32 [batch, rows, columns, channels], w f32 [outputs, window rows ·
 * window columns · channels] and, where there is one, b f32 [outputs]. The node is told how gradients
 * pass it. Patches are made a few at a time and never lie there as a whole.
 */
export const convolutionOp = defineOp<Attributes>({
  name: 'convolution',
  infer: ([x, w, b], { windows }) => {
    const [batch, , , channels] = imageSizes('x', x!);
    expectType('w', w!, 'f32', 2);
    const outputs = w!.shape[0]!;
    const taken = windowElements(windows) * channels;
    if (w!.shape[1] !== taken)
      throw new ShapeError(`w takes ${w!.shape[1]} numbers of a window, which has ${taken}`);
    if (b) {
      expectType('b', b, 'f32', 1);
      expectShape('b', b, [outputs]);
    }
    return [{ shape: placesShape(batch, windows, outputs), dtype: 'f32' }];
  },
  // What an estimator keeps of x is traced beside the layer, and no input of its.
  vjp: 'traced',
  flops: ([, w, b], [y]) => 2 * elements(y!) * w!.shape[1]! + (b ? elements(y!) : 0),
});
