import { elements, type Node } from '@sketchgrad/core';
import { type Kernel, onEveryThread } from './kernel.js';

/**
 * An op that makes each element from the elements of the same place in its inputs. The kernel of
 * the op's name takes the addresses of inputs and output, the number of elements, then `settings`.
 */
const elementWise = (
  op: string,
  settings: (node: Node) => readonly number[] = () => [],
): Kernel => ({
  op,
  lower: (node, context) => {
    const addresses = [...node.inputs, node.outputs[0]!].map((value) => context.address(value));
    return [
      onEveryThread(context, op, [...addresses, elements(node.outputs[0]!), ...settings(node)]),
    ];
  },
});

export const scale = elementWise('scale', ({ attributes }) => [attributes.factor as number]);
export const exponential = elementWise('exponential');
export const logarithm = elementWise('logarithm');
export const squareRoot = elementWise('squareRoot');
export const tanh = elementWise('tanh');
export const gelu = elementWise('gelu');
export const geluGradient = elementWise('geluGradient');

/** Takes the key's address for a second input. */
export const dropout = elementWise('dropout', ({ attributes }) => [
  attributes.stream as number,
  attributes.threshold as number,
]);
