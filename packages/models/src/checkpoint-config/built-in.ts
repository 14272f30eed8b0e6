import type { EncoderConfig } from '../layers/encoder-config.js';

const shared = {
  lastLayer: 'first',
  hiddenDropout: 0.1,
  attentionDropout: 0.1,
  classifierDropout: 0.1,
  hiddenActivation: 'gelu',
  initializerRange: 0.02,
  labels: ['LABEL_0', 'LABEL_1'],
  problemType: 'classification',
} as const;

const base = { hiddenSize: 768, layers: 12, heads: 12, intermediateSize: 3072 } as const;

const bert = {
  architecture: 'bert',
  vocabularySize: 30522,
  maxPositions: 512,
  typeVocabularySize: 2,
  layerNormEpsilon: 1e-12,
  padTokenId: 0,
} as const;

/**
 * Configurations of well-known models, for runs with random weights: those of bert-base-uncased,
 * roberta-base and all-MiniLM-L6-v2 on huggingface.co, with two labels.
 */
export const BUILT_IN_CONFIGS = {
  minilm: { ...shared, ...bert, hiddenSize: 384, layers: 6, heads: 12, intermediateSize: 1536 },
  'bert-base': { ...shared, ...bert, ...base },
  'roberta-base': {
    ...shared,
    ...base,
    architecture: 'roberta',
    vocabularySize: 50265,
    maxPositions: 514,
    typeVocabularySize: 1,
    layerNormEpsilon: 1e-5,
    padTokenId: 1,
  },
} as const satisfies Record<string, EncoderConfig>;
