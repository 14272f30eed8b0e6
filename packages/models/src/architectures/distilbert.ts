import { relu, type Value } from '@sketchgrad/core';
import { embeddings } from '../layers/embeddings.js';
import { denseLinear } from '../layers/linear-layer.js';
import { drop, type Pass } from '../layers/pass.js';
import { postNormBlock } from '../layers/post-norm-block.js';
import type { EncoderArchitecture } from './architecture.js';
import { placeInSequence } from './positions.js';

const DENSE = 'pre_classifier';
const CLASSIFIER = 'classifier';

const names = {
  queryKeyValue: 'attention.qkv_lin',
  query: 'attention.q_lin',
  keyValue: 'attention.kv_lin',
  attentionOutput: 'attention.out_lin',
  attentionNorm: 'sa_layer_norm',
  wide: 'ffn.lin1',
  narrow: 'ffn.lin2',
  outputNorm: 'output_layer_norm',
};

/**
 * DistilBERT (arXiv 1910.01108), as transformers' `DistilBertForSequenceClassification`: BERT without
 * token types and without dropout behind attention. A table of positions that began as sines
 * (`sinusoidal_pos_embds`) is read, trained and drawn as any other.
 */
export const distilbert: EncoderArchitecture = {
  name: 'distilbert',
  className: 'DistilBert',
  config: {
    settings: {
      hiddenSize: { field: 'dim' },
      layers: { field: 'n_layers' },
      heads: { field: 'n_heads' },
      intermediateSize: { field: 'hidden_dim' },
      vocabularySize: { field: 'vocab_size' },
      maxPositions: { field: 'max_position_embeddings', fallback: 512 },
      typeVocabularySize: { always: 0 },
      layerNormEpsilon: { always: 1e-12 },
      hiddenDropout: { field: 'dropout', fallback: 0.1 },
      attentionDropout: { field: 'attention_dropout', fallback: 0.1 },
      classifierDropout: { field: 'seq_classif_dropout', fallback: 0.2 },
      padTokenId: { field: 'pad_token_id', fallback: 0 },
      hiddenActivation: { field: 'activation' },
      initializerRange: { field: 'initializer_range', fallback: 0.02 },
    },
    supported: {},
  },
  tensors: {
    prefix: 'distilbert',
    blocks: 'transformer.layer',
    projections: { fused: 'qkv_lin', keysValues: 'kv_lin', parts: ['q_lin', 'k_lin', 'v_lin'] },
    norms: ['LayerNorm', 'sa_layer_norm', 'output_layer_norm'],
    head: [DENSE, CLASSIFIER],
    sizes: {
      vocabularySize: ['embeddings.word_embeddings.weight', 0],
      hiddenSize: ['embeddings.word_embeddings.weight', 1],
      maxPositions: ['embeddings.position_embeddings.weight', 0],
      intermediateSize: ['transformer.layer.0.ffn.lin1.weight', 0],
    },
  },
  positions: placeInSequence,
  embeddings,
  block: (x, place, pass) => postNormBlock(x, place, pass, { names, attentionDropped: false }),
  head,
};

/** A layer with ReLU, and the classifier. f32 [batch, hidden] → f32 [batch, labels]. */
function head(first: Value, pass: Pass): Value {
  const { hiddenSize, labels, classifierDropout } = pass.config;
  const hidden = relu(denseLinear(first, DENSE, hiddenSize));
  return denseLinear(drop(hidden, classifierDropout, pass), CLASSIFIER, labels.length);
}
