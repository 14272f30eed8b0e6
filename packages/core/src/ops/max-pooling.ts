import { checkValue } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { maxPoolingGradient } from './max-pooling-gradient.js';
import {
  expectImages,
  placesShape,
  type WindowOptions,
  type Windows,
  windowElements,
  windowsOver,
} from './windows.js';

const build = defineOp<{ readonly windows: Windows }>({
  name: 'maxPooling',
  infer: ([x], { windows }) => {
    expectImages('x', x!, windows);
    return [{ shape: placesShape(x!.shape[0]!, windows, x!.shape[3]!), dtype: 'f32' }];
  },
  vjp: ([x], _, [dy], { windows }) => [maxPoolingGradient(x!, dy!, windows)],
  flops: (_, [y], { windows }) => elements(y!) * windowElements(windows),
  cheap: true,
});

/**
 * The largest number of each channel that a window has at each of its places; what is beyond the image does
 * not count. f32 [batch, rows, columns, channels] → f32 [batch, places down, places across, channels].
 * @throws UsageError for options that there are not; ShapeError for a window larger than the image
 */
export function maxPooling(x: Value, options: WindowOptions): Value {
  checkValue('maxPooling: x', x);
  return build([x], { windows: windowsOver(x, options) })[0]!;
}
