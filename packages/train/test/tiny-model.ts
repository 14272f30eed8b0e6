import {
  type BuildOptions,
  crossEntropy,
  type DeviceState,
  dropout,
  estimatorOf,
  gather,
  input,
  linear,
  type ModelParameter,
  multiply,
  newKey,
  parameter,
  reshape,
  type SentenceBatch,
  type SentenceShape,
  scale,
  squaredNorm,
  subtract,
  sum,
  tanh,
  type Value,
} from '@sketchgrad/core';
import type { TrainableModel, TrainingData } from '../src/index.js';

const VOCABULARY = 11;
const WIDTH = 4;

/** What a tiny model is made with. */
export interface TinyOptions {
  /** Logits; 1 for regression. */
  readonly classes?: number;
  readonly dropoutRate?: number;
  /** What the starting weights are multiplied by. */
  readonly spread?: number;
  /** Whether the hidden layer reads tokens, not their sum; false unless given. */
  readonly perToken?: boolean;
}

/**
 * The least that has all the parts of an encoder: an embedding whose sum over a sequence's tokens
 * goes through dropout, a hidden layer and a classifier. fixtures/make_pytorch.py has it in PyTorch.
 */
export class TinyModel implements TrainableModel {
  readonly #classes: number;
  readonly #dropoutRate: number;
  readonly #spread: number;
  readonly #perToken: boolean;
  readonly parameters: readonly ModelParameter[];

  constructor(options: TinyOptions = {}) {
    const { classes = 3, dropoutRate = 0.25, spread = 1, perToken = false } = options;
    this.#classes = classes;
    this.#dropoutRate = dropoutRate;
    this.#spread = spread;
    this.#perToken = perToken;
    this.parameters = [
      { name: 'embedding', shape: [VOCABULARY, WIDTH], decay: true },
      { name: 'hidden.weight', shape: [WIDTH, WIDTH], decay: true },
      { name: 'hidden.bias', shape: [WIDTH], decay: false },
      { name: 'classifier.weight', shape: [classes, WIDTH], decay: true },
    ];
  }

  build({ shape: { batchSize, sequence }, training, estimator }: BuildOptions<SentenceShape>) {
    const tokenIds = input('tokenIds', [batchSize * sequence], 'i32');
    const [table, weight, bias, classifier] = this.parameters.map(({ name, shape }) =>
      parameter(name, shape),
    );
    const key = training ? input('key', [2], 'i32') : undefined;
    const mask = input('mask', [batchSize, sequence, 1]);
    const pool = (rows: Value) =>
      sum(multiply(reshape(rows, [batchSize, sequence, WIDTH]), mask), { axis: 1 });
    const hidden = (x: Value) => {
      const rate = this.#dropoutRate;
      const dropped = key ? dropout(x, { rate, key: newKey(key) }) : x;
      const layer = { name: 'hidden', rows: x.shape[0]!, inputs: WIDTH, outputs: WIDTH };
      const options = key && estimator && { estimator: estimatorOf(estimator, layer) };
      return linear(
        dropped,
        weight!,
        bias!,
        options && { ...options, name: 'hidden', key: newKey(key) },
      );
    };
    const tokens = gather(table!, tokenIds);
    const pooled = this.#perToken ? pool(hidden(tokens)) : hidden(pool(tokens));
    const predictions = linear(tanh(pooled), classifier!, undefined);
    if (this.#classes > 1) {
      const labels = input('labels', [batchSize], 'i32');
      return { loss: crossEntropy(predictions, labels)[0], predictions };
    }
    const labels = input('labels', [batchSize]);
    const error = subtract(reshape(predictions, [batchSize]), labels);
    return { loss: scale(squaredNorm(error), 1 / batchSize), predictions };
  }

  inputs({ tokenIds, attentionMask, labels, batchSize }: SentenceBatch) {
    const zeros = this.#classes > 1 ? new Int32Array(batchSize) : new Float32Array(batchSize);
    return { tokenIds, mask: Float32Array.from(attentionMask), labels: labels ?? zeros };
  }

  async initialize(state: DeviceState, { seed }: { seed: number }): Promise<void> {
    for (const [index, { name, shape }] of this.parameters.entries()) {
      const data = new Float32Array(shape.reduce((a, b) => a * b, 1));
      const start = 100 * index + seed;
      await state.write(
        name,
        data.map((_, i) => this.#spread * Math.sin(start + i)),
      );
    }
  }
}

/** What tiny data is made with. */
export interface TinyDataOptions {
  readonly count: number;
  readonly classes?: number;
  /** Whether the data tells lengths beforehand; true unless given. */
  readonly tellsLengths?: boolean;
  readonly labelled?: boolean;
}

/**
 * Examples of 2 to 5 tokens, padded with token 0 to a length of 4 or 6. The label follows from the
 * tokens, so that there is something to learn.
 */
export function tinyData(options: TinyDataOptions): TrainingData {
  const { count, classes = 3, tellsLengths = true, labelled = true } = options;
  const examples = Array.from({ length: count }, (_, i) =>
    Array.from({ length: 2 + (i % 4) }, (_, j) => 1 + ((7 * i + 3 * j + i * j) % (VOCABULARY - 1))),
  );
  const lengthOf = (index: number) => (examples[index]!.length > 4 ? 6 : 4);
  const labelOf = (index: number) => {
    const total = examples[index]!.reduce((a, b) => a + b, 0);
    return classes > 1 ? total % classes : total / 10;
  };
  return {
    length: count,
    batch(indices) {
      const batchSize = indices.length;
      const sequence = Math.max(...indices.map(lengthOf));
      const tokenIds = new Int32Array(batchSize * sequence);
      for (const [row, index] of indices.entries()) tokenIds.set(examples[index]!, row * sequence);
      const attentionMask = tokenIds.map((id) => (id > 0 ? 1 : 0));
      const tokenTypeIds = new Int32Array(batchSize * sequence);
      const labels = indices.map(labelOf);
      return {
        batchSize,
        sequence,
        tokenIds,
        tokenTypeIds,
        attentionMask,
        ...(labelled
          ? { labels: classes > 1 ? Int32Array.from(labels) : Float32Array.from(labels) }
          : {}),
      };
    },
    ...(tellsLengths ? { sequenceOf: lengthOf } : {}),
  };
}
