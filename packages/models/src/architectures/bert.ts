import { tanh, type Value } from '@sketchgrad/core';
import { embeddings } from '../layers/embeddings.js';
import { denseLinear } from '../layers/linear-layer.js';
import { drop, type Pass } from '../layers/pass.js';
import { postNormBlock } from '../layers/post-norm-block.js';
import type { EncoderArchitecture } from './architecture.js';
import { placeInSequence } from './positions.js';

const POOLER = 'bert.pooler.dense';
const CLASSIFIER = 'classifier';

const names = {
  queryKeyValue: 'attention.self.query_key_value',
  query: 'attention.self.query',
  keyValue: 'attention.self.key_value',
  attentionOutput: 'attention.output.dense',
  attentionNorm: 'attention.output.LayerNorm',
  wide: 'intermediate.dense',
  narrow: 'output.dense',
  outputNorm: 'output.LayerNorm',
};

/** BERT (arXiv 1810.04805), as transformers' `BertForSequenceClassification`. */
export const bert: EncoderArchitecture = {
  name: 'bert',
  className: 'Bert',
  config: {
    settings: {
      hiddenSize: { field: 'hidden_size' },
      layers: { field: 'num_hidden_layers' },
      heads: { field: 'num_attention_heads' },
      intermediateSize: { field: 'intermediate_size' },
      vocabularySize: { field: 'vocab_size' },
      maxPositions: { field: 'max_position_embeddings', fallback: 512 },
      typeVocabularySize: { field: 'type_vocab_size', fallback: 2 },
      layerNormEpsilon: { field: 'layer_norm_eps', fallback: 1e-12 },
      hiddenDropout: { field: 'hidden_dropout_prob', fallback: 0.1 },
      attentionDropout: { field: 'attention_probs_dropout_prob', fallback: 0.1 },
      // Absent, it is as the hidden dropout.
      classifierDropout: { field: 'classifier_dropout' },
      padTokenId: { field: 'pad_token_id', fallback: 0 },
      hiddenActivation: { field: 'hidden_act' },
      initializerRange: { field: 'initializer_range', fallback: 0.02 },
    },
    supported: {
      position_embedding_type: ['absolute'],
      is_decoder: [false],
      add_cross_attention: [false],
    },
  },
  tensors: {
    prefix: 'bert',
    blocks: 'encoder.layer',
    projections: {
      fused: 'query_key_value',
      keysValues: 'key_value',
      parts: ['query', 'key', 'value'],
    },
    norms: ['LayerNorm'],
    head: [POOLER, CLASSIFIER],
    sizes: {
      vocabularySize: ['embeddings.word_embeddings.weight', 0],
      hiddenSize: ['embeddings.word_embeddings.weight', 1],
      maxPositions: ['embeddings.position_embeddings.weight', 0],
      typeVocabularySize: ['embeddings.token_type_embeddings.weight', 0],
      intermediateSize: ['encoder.layer.0.intermediate.dense.weight', 0],
    },
  },
  positions: placeInSequence,
  embeddings,
  block: (x, place, pass) => postNormBlock(x, place, pass, { names, attentionDropped: true }),
  head,
};

/** The pooler and the classifier. f32 [batch, hidden] → f32 [batch, labels]. */
function head(first: Value, pass: Pass): Value {
  const { hiddenSize, labels, classifierDropout } = pass.config;
  const pooled = tanh(denseLinear(first, POOLER, hiddenSize));
  return denseLinear(drop(pooled, classifierDropout, pass), CLASSIFIER, labels.length);
}
