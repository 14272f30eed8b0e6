import type { Value } from '@sketchgrad/core';
import type { TokenInputs } from '../layers/embeddings.js';
import type { EncoderConfig, EncoderShape } from '../layers/encoder-config.js';
import type { Pass } from '../layers/pass.js';
import type { BlockPlace } from '../layers/post-norm-block.js';
import type { Positions } from './positions.js';

/**
 * An encoder with a classification head, as transformers has it: all in which one differs from
 * another. What it is made of is in `layers/`.
 */
export interface EncoderArchitecture {
  /** The `model_type` of a config.json. */
  readonly name: string;
  /** What transformers' classes begin with: `Bert`, as in `BertForSequenceClassification`. */
  readonly className: string;
  readonly config: ConfigMapping;
  readonly tensors: TensorNaming;
  /** Which row of the position table a token has. */
  readonly positions: Positions;
  /** i32 [rows] each → f32 [rows, hidden]. */
  embeddings(tokens: TokenInputs, pass: Pass): Value;
  /**
   * One block of the encoder. f32 [rows, hidden] → the same, or f32 [batchSize, hidden] where first
   * tokens alone are wanted.
   */
  block(x: Value, place: BlockPlace, pass: Pass): Value;
  /** Logits from the first token of each sequence. f32 [batch, hidden] → f32 [batch, labels]. */
  head(first: Value, pass: Pass): Value;
}

/** Where config.json has a setting: a field, and what counts where it is absent; or what always is. */
export type Setting<T> = { readonly field: string; readonly fallback?: T } | { readonly always: T };

/** How config.json says what {@link EncoderConfig} holds. */
export interface ConfigMapping {
  readonly settings: {
    readonly [Name in Exclude<keyof EncoderShape, 'architecture' | 'tokenizerClass'>]: Setting<
      EncoderConfig[Name]
    >;
  };
  /** Fields of which only these values are supported, the first of them where it is absent. */
  readonly supported: Readonly<
    Record<string, readonly [string | boolean, ...(string | boolean)[]]>
  >;
}

/** The names of a checkpoint's tensors, beside those that the layers declare. */
export interface TensorNaming {
  /** What the encoder's begin with, without the point; a pretrained encoder's may lack it. */
  readonly prefix: string;
  /** What a block's begin with, before its number: `encoder.layer`. */
  readonly blocks: string;
  /**
   * The layers that make queries, keys and values, and keys and values, by their last parts, and those of
   * a file that they are.
   */
  readonly projections: {
    readonly fused: string;
    readonly keysValues: string;
    readonly parts: readonly [string, string, string];
  };
  /** Normalisations, by the last part of their names. */
  readonly norms: readonly string[];
  /**
   * The layers of the head, by their full names, the one with a row for each class last. A pretrained
   * encoder comes without them.
   */
  readonly head: readonly string[];
  /** Which dimension of which tensor shows a size of the configuration, by its name in the encoder. */
  readonly sizes: { readonly [Name in SizeName]?: readonly [tensor: string, dimension: number] };
}

/** The sizes that a checkpoint's tensors show. */
export type SizeName =
  | 'vocabularySize'
  | 'hiddenSize'
  | 'maxPositions'
  | 'typeVocabularySize'
  | 'intermediateSize';

/** The field of config.json that has a setting; undefined where the architecture's models have one value. */
export function fieldOf(
  { settings }: ConfigMapping,
  name: keyof ConfigMapping['settings'],
): string | undefined {
  const setting = settings[name];
  return 'field' in setting ? setting.field : undefined;
}
