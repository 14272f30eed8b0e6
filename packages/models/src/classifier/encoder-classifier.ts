import { join } from 'node:path';
import {
  checkOptions,
  checkState,
  checkText,
  checkWord,
  DataError,
  type DeviceState,
  readFloats,
  type TensorData,
  UsageError,
  type Value,
} from '@sketchgrad/core';
import { architectureOf } from '../architectures/table.js';
import { writeConfig } from '../checkpoint-config/index.js';
import { checkNumbers } from '../checks/kinds.js';
import type { EncoderConfig } from '../layers/encoder-config.js';
import type { BuildOptions } from '../layers/pass.js';
import { writeSafetensors } from '../safetensors/index.js';
import { forward } from './forward.js';
import { checkLabels, graphInputs, type ModelBatch } from './inputs.js';
import { copyTokenizer, writeFolder } from './model-folder.js';
import { listParameters, type ParameterInfo } from './parameters.js';
import { startingWeights, type WeightSource } from './starting-weights.js';
import { fileTensors } from './tensor-names.js';

/** Where a model's files are. */
export interface ModelSource extends WeightSource {
  /** What to call the model in messages. */
  readonly name: string;
  /** A tokenizer.json, or the folder of a tokenizer's files. */
  readonly tokenizer?: string;
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
   * DistilBERT `….attention.qkv_lin`.
   */
  readonly parameters: readonly ParameterInfo[];

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
   * @throws UsageError for a built-in configuration, which has none
   */
  get tokenizerPath(): string {
    const { name, tokenizer } = this.source;
    if (tokenizer === undefined)
      throw new UsageError(
        `'${name}' is a configuration without a tokenizer; load 'minilm' or a model's folder instead`,
      );
    return tokenizer;
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
   * (where the model has types) and positionIds, i32 [batch · sequence]; attentionMask, i32 [batch, sequence]; labels, i32
   * [batch] (f32 for regression); for training also key, i32 [2], (seed, step).
   *
   * @returns the mean loss, f32 [], and the logits, f32 [batch, labels]
   * @throws UsageError for a sequence that is longer than the model's positions
   */
  build(options: BuildOptions): { readonly loss: Value; readonly predictions: Value } {
    return forward(this.config, options);
  }

  /**
   * All graph inputs of a batch but key. Without labels the graph is given zeros: its predictions
   * hold, its loss does not.
   *
   * @throws UsageError for a sequence over the model's positions, arrays of the wrong length, or ids
   * and labels that the model does not have
   */
  inputs(batch: ModelBatch): Record<string, TensorData> {
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
   * Writes the model into a folder that transformers loads, and that `loadClassifier` does:
   * config.json, model.safetensors in f32, and the tokenizer's files where there are any. A new
   * folder is complete or not there at all; in one that exists, files of these names are replaced.
   *
   * @throws DataError where it cannot be written; UsageError where the state lacks a parameter
   */
  async save(folder: string, state: DeviceState): Promise<void> {
    checkText('folder', folder);
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
    await writeFolder(folder, async (temporary) => {
      await writeSafetensors(join(temporary, 'model.safetensors'), tensors);
      await writeConfig(temporary, this.config);
      if (this.source.tokenizer !== undefined)
        await copyTokenizer(this.source.tokenizer, temporary);
    });
  }
}

/** The `index`-th of `count` equal parts. */
const part = (values: Float32Array, index: number, count: number): Float32Array =>
  values.subarray((index * values.length) / count, ((index + 1) * values.length) / count);
