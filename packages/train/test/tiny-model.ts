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
  newKey,
  parameter,
  reshape,
  type SentenceBatch,
  type SentenceShape,
  scale,
  squaredNorm,
  subtract,
  tanh,
  type Value,
  zeroRowsBehind,
} from '@sketchgrad/core';
import type { TrainableModel, TrainingData } from '../src/index.js';
import { poolingInputs, poolTokens } from './packed-pooling.js';

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

  build({ shape, training, estimator }: BuildOptions<SentenceShape>) {
    const { batchSize, rows } = shape;
    const tokenIds = input('tokenIds', [rows], 'i32');
    const [table, weight, bias, classifier] = this.parameters.map(({ name, shape }) =>
      parameter(name, shape),
    );
    const key = training ? input('key', [2], 'i32') : undefined;
    const hidden = (x: Value, starts?: Value) => {
      const rate = this.#dropoutRate;
      const dropped = key ? dropout(x, { rate, key: newKey(key) }) : x;
      const size = { rows: x.shape[0]!, inputs: WIDTH, outputs: WIDTH };
      const layer = { name: 'hidden', ...size, ...(starts && { starts }) };
      const options = key && estimator && { estimator: estimatorOf(estimator, layer) };
      return linear(
        dropped,
        weight!,
        bias!,
        options && { ...options, name: 'hidden', key: newKey(key) },
      );
    };
    const tokens = gather(table!, tokenIds);
    const ofTokens = () => {
      const starts = input('starts', [batchSize + 1], 'i32');
      return poolTokens(hidden(zeroRowsBehind(tokens, starts), starts), shape);
    };
    const pooled = this.#perToken ? ofTokens() : hidden(poolTokens(tokens, shape));
    const predictions = linear(tanh(pooled), classifier!, undefined);
    if (this.#classes > 1) {
      const labels = input('labels', [batchSize], 'i32');
      return { loss: crossEntropy(predictions, labels)[0], predictions };
    }
    const labels = input('labels', [batchSize]);
    const error = subtract(reshape(predictions, [batchSize]), labels);
    return { loss: scale(squaredNorm(error), 1 / batchSize), predictions };
  }

  inputs(batch: SentenceBatch) {
    const { tokenIds, starts, batchSize } = batch;
    const zeros = this.#classes > 1 ? new Int32Array(batchSize) : new Float32Array(batchSize);
    return {
      ...{ tokenIds, ...poolingInputs(batch), labels: batch.labels ?? zeros },
      ...(this.#perToken ? { starts } : {}),
    };
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
  /** Tokens of the longest example, the shortest having 2; 5 unless given. */
  readonly longest?: number;
  /** Tokens that each example has, padding tokens behind its own; unpadded unless given. */
  readonly padTo?: number;
  readonly labelled?: boolean;
}

/**
 * Examples of 2 to 5 or more tokens, padded with token 0 where asked for. The label follows from the
 * tokens, so that there is something to learn.
 */
export function tinyData(options: TinyDataOptions): TrainingData {
  const { count, classes = 3, longest = 5, padTo, labelled = true } = options;
  const examples = Array.from({ length: count }, (_, i) =>
    Array.from(
      { length: 2 + (i % (longest - 1)) },
      (_, j) => 1 + ((7 * i + 3 * j + i * j) % (VOCABULARY - 1)),
    ),
  );
  const lengthOf = (index: number) => padTo ?? examples[index]!.length;
  const labelOf = (index: number) => {
    const total = examples[index]!.reduce((a, b) => a + b, 0);
    return classes > 1 ? total % classes : total / 10;
  };
  return {
    length: count,
    batch(indices) {
      const starts = Int32Array.of(0, ...indices.map(lengthOf));
      for (let i = 1; i < starts.length; i++) starts[i]! += starts[i - 1]!;
      const rows = starts.at(-1)!;
      const tokenIds = new Int32Array(rows);
      for (const [at, index] of indices.entries()) tokenIds.set(examples[index]!, starts[at]);
      const labels = indices.map(labelOf);
      return {
        ...{ batchSize: indices.length, rows, longest: Math.max(...indices.map(lengthOf)) },
        ...{ tokenIds, tokenTypeIds: new Int32Array(rows), starts },
        attentionMask: tokenIds.map((id) => (id > 0 ? 1 : 0)),
        ...(labelled
          ? { labels: classes > 1 ? Int32Array.from(labels) : Float32Array.from(labels) }
          : {}),
      };
    },
    lengthOf,
  };
}
