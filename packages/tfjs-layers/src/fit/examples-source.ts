import {
  type BatchRows,
  type Configuration,
  checksum,
  dataOrder,
  type Judge,
  type KnownBatch,
  type KnownStep,
  layersOf,
  type ProbeBatches,
  type StepBatch,
  type StepEvaluation,
  type StepSource,
  type StepUpdate,
} from '@sketchgrad/train';
import { BatchMeans, type Told } from '../metrics/index.js';
import type { LayersGraph, LayersShape } from '../model/layers-graph.js';
import { type Examples, rowsOf } from './tensors.js';

export interface ExamplesSettings {
  readonly data: Examples;
  readonly batchSize: number;
  readonly seed: number;
  readonly shuffle: boolean;
  readonly evaluation?: ExamplesEvaluation;
  /** Waited for before a batch is made, counted from 0 within its epoch. */
  readonly onBatch?: (epoch: number, batch: number) => Promise<void>;
  /** Told what each pass of a step gave. */
  readonly onOutputs?: NonNullable<StepSource<LayersShape>['onOutputs']>;
}

const batchOf = (data: Examples, indices: ArrayLike<number>): StepBatch<LayersShape> => ({
  shape: { examples: indices.length },
  inputs: rowsOf(data, indices),
  examples: indices.length,
});

/** Rows that each linear layer's input has of an example, by the layer's name. */
function rowsOfExamples(model: LayersGraph): ReadonlyMap<string, number> {
  const examples = 2;
  return new Map(layersOf(model, { examples }).map(({ name, rows }) => [name, rows / examples]));
}

/** Whose rows a batch has, of `each` to an example. */
const rowsOfBatch = (indices: ArrayLike<number>, each: number): BatchRows => ({
  kind: `rows${each}`,
  indices: Array.from(indices),
  starts: Int32Array.from({ length: indices.length + 1 }, (_, at) => at * each),
  attentionMask: new Int32Array(indices.length * each).fill(1),
});

/** Sizes of the batches that so many examples are cut into. */
const sizesOf = (count: number, batchSize: number): number[] => {
  const whole = Math.min(batchSize, count);
  const left = count % batchSize;
  return left === 0 || count < batchSize ? [whole] : [whole, left];
};

const range = (begin: number, end: number): number[] =>
  Array.from({ length: end - begin }, (_, at) => begin + at);

/** Examples that a model is judged by. */
export class ExamplesEvaluation implements StepEvaluation<LayersShape> {
  constructor(
    readonly data: Examples,
    readonly batchSize: number,
    readonly told: Told,
  ) {}

  *batches(): Iterable<() => StepBatch<LayersShape>> {
    const { count } = this.data;
    for (let begin = 0; begin < count; begin += this.batchSize)
      yield () => batchOf(this.data, range(begin, Math.min(begin + this.batchSize, count)));
  }

  get scores(): readonly string[] {
    return this.told.names;
  }

  judge(nonFinite: (what: string) => Error): Judge<LayersShape> {
    return new BatchMeans(this.told, nonFinite);
  }

  known(): KnownBatch<LayersShape>[] {
    return sizesOf(this.data.count, this.batchSize).map((examples) => ({
      examples,
      shape: { examples },
    }));
  }
}

const fingerprint = ({ count, tensors }: Examples): string =>
  `${count} examples, ${checksum(Object.values(tensors).map(({ data }) => data))}`;

/** Examples in batches, each epoch in an order of its own. */
export class ExamplesSource implements StepSource<LayersShape> {
  readonly #settings: ExamplesSettings;
  readonly #rowsOfExamples: ReadonlyMap<string, number>;
  readonly evaluation?: ExamplesEvaluation;
  readonly onOutputs?: NonNullable<StepSource<LayersShape>['onOutputs']>;

  constructor(
    readonly model: LayersGraph,
    settings: ExamplesSettings,
  ) {
    this.#settings = settings;
    this.#rowsOfExamples = rowsOfExamples(model);
    if (settings.evaluation) this.evaluation = settings.evaluation;
    if (settings.onOutputs) this.onOutputs = settings.onOutputs;
  }

  get configuration(): Configuration {
    const { data, batchSize, shuffle, evaluation } = this.#settings;
    return {
      data: fingerprint(data),
      evaluation: evaluation ? fingerprint(evaluation.data) : null,
      ...{ batchSize, shuffle },
    };
  }

  get examples(): number {
    return this.#settings.data.count;
  }

  get updatesPerEpoch(): number {
    const { data, batchSize } = this.#settings;
    return Math.ceil(data.count / batchSize);
  }

  *updates(epoch: number): Iterable<StepUpdate<LayersShape>> {
    const { data, batchSize, seed, shuffle, onBatch } = this.#settings;
    const order = shuffle ? dataOrder(seed, epoch, data.count) : range(0, data.count);
    for (let begin = 0; begin < data.count; begin += batchSize) {
      const indices = order.slice(begin, begin + batchSize);
      const made = async () => {
        await onBatch?.(epoch, begin / batchSize);
        return this.#batch(indices);
      };
      yield { examples: indices.length, batches: [made] };
    }
  }

  #batch(indices: ArrayLike<number>): StepBatch<LayersShape> {
    return {
      ...batchOf(this.#settings.data, indices),
      rows: (layer) => rowsOfBatch(indices, this.#rowsOfExamples.get(layer)!),
    };
  }

  /** The first batches of the first epoch, cut to so many examples. */
  probes(mostExamples: number): ProbeBatches<LayersShape> {
    const { data, batchSize, seed, shuffle } = this.#settings;
    const order = shuffle ? dataOrder(seed, 0, data.count) : range(0, data.count);
    const examples = Math.min(mostExamples, batchSize);
    return {
      // Whole ones, so that they have their graph in common; of fewer examples than that there is one.
      count: Math.max(1, Math.floor(data.count / examples)),
      batch: (index) => this.#batch(order.slice(index * examples, (index + 1) * examples)),
    };
  }

  *known(): Iterable<KnownStep<LayersShape>> {
    const { data, batchSize } = this.#settings;
    for (const examples of sizesOf(data.count, batchSize))
      yield { examples, shape: { examples }, index: 0, of: 1 };
  }
}
