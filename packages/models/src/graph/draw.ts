import { elements, threefry2x32, uniform } from '@sketchgrad/core';
import type { GraphParameter, GraphStatistic } from './parameters.js';

/** The key's second half for starting weights: training counts its steps from 0, so none has it. */
const INITIAL_STEP = -1;

/**
 * A tensor's start: convolutions are drawn as Glorot and Bengio's uniform, ±√(6/(inputs + outputs)),
 * linear layers and their biases as PyTorch's, ±1/√inputs. Bit-exact for a seed.
 *
 * @param stream a number of the tensor's own
 */
export function drawGraphTensor(
  tensor: GraphParameter | GraphStatistic,
  { seed, stream }: { readonly seed: number; readonly stream: number },
): Float32Array {
  const values = new Float32Array(elements({ shape: tensor.shape, dtype: 'f32' }));
  if (tensor.start === 'ones') return values.fill(1);
  if (tensor.start === 'zeros') return values;
  const { start, inputs, shape } = tensor as GraphParameter;
  const limit = start === 'glorot' ? Math.sqrt(6 / (inputs + shape[0]!)) : 1 / Math.sqrt(inputs);
  return values.map(
    (_, i) => limit * (2 * uniform(threefry2x32(seed | 0, INITIAL_STEP, stream, i)[0]) - 1),
  );
}
