import {
  type BuildOptions,
  checkOptions,
  checkState,
  checkWord,
  DataError,
  type DeviceState,
  type ModelParameter,
  readFloats,
  type SentenceBatch,
  type SentenceShape,
  type TensorData,
  UsageError,
  type Value,
} from '@sketchgrad/core';
import { architectureOf } from '../architectures/table.js';
import { encodeConfig } from '../checkpoint-config/write.js';
import { checkNumbers } from '../checks/kinds.js';
import type { EncoderConfig } from '../layers/encoder-config.js';
import { type Chunked, formatSafetensors } from '../safetensors/index.js';
import { forward } from './forward.js';
import { checkLabels, graphInputs } from './inputs.js';
import { type ModelSource, type TokenizerSource, UNCONVERTED_TOKENIZER } from './model-source.js';
import { listParameters } from './parameters.js';
import { startingWeights } from './starting-weights.js';
import { fileTensors } from './tensor-names.js';

/** A file of a saved model. */
export interface ModelFile extends Chunked {
  readonly name: string;
}

/**
 * An encoder with a sequence classification head, numerically equal to transformers' class of that
 * name, such as `BertForSequenceClassification`. It holds no weights: those live in a backend's state,
 * under the names of `parameters`.
 */
export class EncoderClassifier {
  /**
   * Trainable tensors under Hugging Face's names, except that query, key and value are one:
   * `….attention.self.query_key_value.weight` [3 · hidden, hidden] and `.bias` [3 · hidden], in
   * DistilBERT `….attention.qkv_lin`; where the last layer has queries of first tokens alone, key and
   * value are one in it, `….attention.self.key_value`, `….attention.kv_lin`.
   */
  readonly parameters: readonly ModelParameter[];

  constructor(
    readonly config: EncoderConfig,
    private readonly source: ModelSource,
  ) {
    this.parameters = listParameters(config);
  }

  /** The same model with no dropout anywhere: its gradients are random by their estimators alone. */
  withoutDropout(): EncoderClassifier {
    const none = { hiddenDropout: 0, attentionDropout: 0, classifierDropout: 0 };
    return new EncoderClassifier({ ...this.config, ...none }, this.source);
  }

  /** Names of the classes in the order of the logits; one name for regression. */
  get labels(): readonly string[] {
    return this.config.labels;
  }

  /**
   * The tokenizer.json, or the folder of the tokenizer's files.
   * @throws UsageError for a model without a tokenizer, or whose tokenizer lies in no folder
   */
  get tokenizerPath(): string {
    const { path } = this.#tokenizer;
    if (path === undefined)
      throw new UsageError(
        `the tokenizer of '${this.source.name}' lies in no folder: tokenizerFiles() gives its files`,
      );
    return path;
  }

  /**
   * What the tokenizer's files hold, by their names, and config.json, which says whose they are: as
   * `parseTokenizer` of `@sketchgrad/datasets` takes it.
   * @throws UsageError for a model without a tokenizer; DataError where files cannot be read
   */
  async tokenizerFiles(): Promise<Readonly<Record<string, Uint8Array>>> {
    const { [UNCONVERTED_TOKENIZER]: _, ...files } = await this.#tokenizer.files();
    return { ...files, 'config.json': encodeConfig(this.config) };
  }

  get #tokenizer(): TokenizerSource {
    const { name, tokenizer } = this.source;
    if (tokenizer !== undefined) return tokenizer;
    throw new UsageError(
      `'${name}' is a configuration without a tokenizer; load 'minilm' or a model's folder instead`,
    );
  }

  /**
   * Looks whether a tokenizer pads as the model does, where positions are told by the padding token.
   * @throws DataError, naming the tokenizer, where it pads with another
   */
  checkTokenizer({ source, padId }: { readonly source: string; readonly padId: number }): void {
    const { padTokenId } = this.config;
    if (padId === padTokenId || !architectureOf(this.config).positions.countTokens) return;
    throw new DataError(
      source,
      `this tokenizer pads with token ${padId} and the model's config.json says ${padTokenId}: ` +
        'they do not belong together',
    );
  }

  /**
   * Traces a forward pass with its loss, within core's `trace`. Graph inputs: tokenIds, tokenTypeIds
   * (where the model has types), positionIds and attentionMask, i32 [rows]; starts, i32 [batchSize + 1];
   * labels, i32 [batchSize] (f32 for regression); for training also key, i32 [2], (seed, step).
   *
   * @returns the mean loss, f32 [], and the logits, f32 [batch, labels]
   * @throws UsageError for a sequence that is longer than the model's positions
   */
  build(options: BuildOptions<SentenceShape>): {
    readonly loss: Value;
    readonly predictions: Value;
  } {
    return forward(this.config, options);
  }

  /**
   * All graph inputs of a batch but key. Without labels the graph is given zeros: its predictions
   * hold, its loss does not.
   *
   * @throws UsageError for a sequence over the model's positions, arrays of the wrong length, or ids
   * and labels that the model does not have
   */
  inputs(batch: SentenceBatch): Record<string, TensorData> {
    return graphInputs(this.config, batch);
  }

  /**
   * Looks at the labels of all examples, [n], so that none is first refused in the midst of a run.
   * @throws UsageError, with the row, for one that the model does not have
   */
  checkLabels(labels: Int32Array | Float32Array): void {
    checkNumbers('labels', labels, []);
    checkLabels(this.config, labels, (row) => `row ${row} of the data`);
  }

  /**
   * Writes the starting weights into a state in which an executable has allocated them. `seed` draws
   * what the checkpoint does not have: the head, or with random weights everything.
   *
   * @throws DataError for a tensor that is missing, has another shape, or holds NaN or infinity
   */
  async initialize(state: DeviceState, options: { readonly seed: number }): Promise<void> {
    checkState('state', state);
    checkOptions('initialize', options, { seed: true });
    const { seed } = options;
    checkWord('seed', seed);
    return startingWeights(this.config, this.parameters, this.source, seed, (name, values) =>
      state.write(name, values),
    );
  }

  /**
   * The files of the model, which transformers loads, and `loadClassifier` and `parseClassifier` do:
   * model.safetensors in f32, config.json, and the tokenizer's files where there are any. The weights
   * are read of the state as their chunks are asked for, one tensor at a time.
   *
   * @throws DataError where the tokenizer's files cannot be read. Chunks throw UsageError where the state
   * lacks a parameter
   */
  async files(state: DeviceState): Promise<readonly ModelFile[]> {
    checkState('state', state);
    const naming = architectureOf(this.config).tensors;
    const tensors = this.parameters.flatMap((parameter) => {
      const parts = fileTensors(parameter, naming);
      return parts.map(({ name, shape }, index) => ({
        name,
        shape,
        data: async () => part(await readFloats(state, parameter.name), index, parts.length),
      }));
    });
    const name = 'model.safetensors';
    const tokenizer = (await this.source.tokenizer?.files()) ?? {};
    return [
      { name, ...formatSafetensors(name, tensors) },
      wholeFile('config.json', encodeConfig(this.config)),
      ...Object.entries(tokenizer).map(([file, bytes]) => wholeFile(file, bytes)),
    ];
  }
}

const wholeFile = (name: string, bytes: Uint8Array): ModelFile => ({
  name,
  size: bytes.byteLength,
  async *chunks() {
    yield bytes;
  },
});

/** The `index`-th of `count` equal parts. */
const part = (values: Float32Array, index: number, count: number): Float32Array =>
  values.subarray((index * values.length) / count, ((index + 1) * values.length) / count);
