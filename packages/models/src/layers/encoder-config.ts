/** The shape and settings of an encoder with a sequence classification head. */
export interface EncoderConfig {
  /** One of `ENCODER_ARCHITECTURES` by its name, which is the `model_type` of a config.json. */
  readonly architecture: string;
  /** Width of a token's vector; a multiple of `heads`. */
  readonly hiddenSize: number;
  readonly layers: number;
  readonly heads: number;
  /** Width between the two feed-forward layers. */
  readonly intermediateSize: number;
  readonly vocabularySize: number;
  /** Rows of the position table. RoBERTa cannot use the first `padTokenId + 1` for tokens. */
  readonly maxPositions: number;
  /** Rows of the token type table; 0 where the architecture has none. */
  readonly typeVocabularySize: number;
  readonly layerNormEpsilon: number;
  /** Probability of dropping an element of the embeddings and of a block's outputs. */
  readonly hiddenDropout: number;
  /** Probability of dropping an attention weight. */
  readonly attentionDropout: number;
  /** Probability of dropping an element of the classifier's input. */
  readonly classifierDropout: number;
  /** The padding token; its row of the embedding table gets no gradient. */
  readonly padTokenId: number;
  /** x Φ(x), exactly, with the error function. */
  readonly hiddenActivation: 'gelu';
  /** What transformers calls the tokenizer, where config.json says so: its files are read by it. */
  readonly tokenizerClass?: string;
  /** Standard deviation of random weights. */
  readonly initializerRange: number;
  /** Names of the classes in the order of the logits; one name for regression. */
  readonly labels: readonly string[];
  readonly problemType: ProblemType;
  readonly lastLayer: LastLayer;
}

/** All but the head. */
export type EncoderShape = Omit<EncoderConfig, 'labels' | 'problemType' | 'lastLayer'>;

/**
 * Which rows the last block computes: those of the `first` tokens, which alone the head looks at, from the
 * keys and values of all; or `all`, as the paper's measurements have it.
 */
export const LAST_LAYERS = ['first', 'all'] as const;
export type LastLayer = (typeof LAST_LAYERS)[number];

/** Cross entropy over classes, or mean squared error of one number. */
export type ProblemType = 'classification' | 'regression';
