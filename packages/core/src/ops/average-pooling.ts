import { checkValue } from '../graph/arguments.js';
import { defineOp } from '../graph/op.js';
import { elements } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { averagePoolingGradient } from './average-pooling-gradient.js';
import {
  expectImages,
  placesShape,
  type WindowOptions,
  type Windows,
  windowElements,
  windowsOver,
} from './windows.js';

const build = defineOp<{ readonly windows: Windows }>({
  name: 'averagePooling',
  infer: ([x], { windows }) => {
    expectImages('x', x!, windows);
    return [{ shape: placesShape(x!.shape[0]!, windows, x!.shape[3]!), dtype: 'f32' }];
  },
  vjp: (_inputs, _outputs, [dy], { windows }) => [averagePoolingGradient(dy!, windows)],
  flops: (_, [y], { windows }) => elements(y!) * windowElements(windows),
  cheap: true,
});

/**
 * The mean of each channel's numbers that a window has at each of its places; what is beyond the image does
 * not count. f32 [batch, rows, columns, channels] → f32 [batch, places down, places across, channels].
 * @throws UsageError for options that there are not; ShapeError for a window larger than the image
 */
export function averagePooling(x: Value, options: WindowOptions): Value {
  checkValue('averagePooling: x', x);
  return build([x], { windows: windowsOver(x, options) })[0]!;
}
