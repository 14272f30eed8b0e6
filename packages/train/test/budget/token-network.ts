import {
  type BuildOptions,
  crossEntropy,
  type DeviceState,
  estimatorOf,
  fewBitGelu,
  gather,
  gelu,
  input,
  linear,
  newKey,
  parameter,
  type SentenceBatch,
  type SentenceShape,
  type Value,
  zeroRowsBehind,
} from '@sketchgrad/core';
import type { TrainableModel } from '../../src/index.js';
import { poolingInputs, poolTokens } from '../packed-pooling.js';

const WIDTHS = [8, 24, 8, 16];
const CLASSES = 3;

/** Linear layers of several widths over a batch's tokens, with GELU in between. */
export const tokenNetwork: TrainableModel = {
  parameters: [
    { name: 'embedding', shape: [11, WIDTHS[0]!], decay: true },
    ...WIDTHS.slice(1).map((outputs, index) => ({
      name: nameOf(index),
      shape: [outputs, WIDTHS[index]!],
      decay: true,
    })),
    { name: 'classifier', shape: [CLASSES, WIDTHS.at(-1)!], decay: true },
  ],
  build({ shape, training, estimator, keep }: BuildOptions<SentenceShape>) {
    const { batchSize, rows } = shape;
    const starts = input('starts', [batchSize + 1], 'i32');
    const key = training ? input('key', [2], 'i32') : undefined;
    const values = this.parameters.map(({ name, shape }) => parameter(name, shape));
    const embedded = gather(values[0]!, input('tokenIds', [rows], 'i32'));
    // There are no biases: what is zero stays so.
    let x: Value = zeroRowsBehind(embedded, starts);
    for (let index = 0; index < WIDTHS.length - 1; index++) {
      const [inputs, outputs] = WIDTHS.slice(index) as [number, number];
      const name = nameOf(index);
      const options = key &&
        estimator && {
          estimator: estimatorOf(estimator, { name, rows, inputs, outputs, starts }),
          name,
          key: newKey(key),
        };
      x = linear(x, values[index + 1]!, undefined, options);
      x = keep?.gelu ? fewBitGelu(x, { bits: keep.gelu }) : gelu(x);
    }
    const predictions = linear(poolTokens(x, shape), values.at(-1)!, undefined);
    return { loss: crossEntropy(predictions, input('labels', [batchSize], 'i32'))[0], predictions };
  },
  inputs: (batch: SentenceBatch) => ({
    ...{ tokenIds: batch.tokenIds, starts: batch.starts, ...poolingInputs(batch) },
    labels: batch.labels ?? new Int32Array(batch.batchSize),
  }),
  async initialize(state: DeviceState, { seed }) {
    for (const [index, { name, shape }] of this.parameters.entries()) {
      const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
      await state.write(
        name,
        data.map((_, i) => Math.sin(100 * index + seed + i) / Math.sqrt(shape[1]!)),
      );
    }
  },
};

function nameOf(index: number): string {
  return `hidden${String.fromCharCode(65 + index)}`;
}
