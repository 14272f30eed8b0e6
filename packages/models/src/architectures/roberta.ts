import { tanh, type Value } from '@sketchgrad/core';
import { denseLinear } from '../layers/linear-layer.js';
import { drop, type Pass } from '../layers/pass.js';
import type { EncoderArchitecture } from './architecture.js';
import { bert } from './bert.js';
import { countedTokens } from './positions.js';

const DENSE = 'classifier.dense';
const CLASSIFIER = 'classifier.out_proj';

/** RoBERTa (arXiv 1907.11692), as transformers' `RobertaForSequenceClassification`. */
export const roberta: EncoderArchitecture = {
  ...bert,
  name: 'roberta',
  className: 'Roberta',
  config: {
    ...bert.config,
    settings: { ...bert.config.settings, padTokenId: { field: 'pad_token_id', fallback: 1 } },
  },
  tensors: { ...bert.tensors, prefix: 'roberta', head: [DENSE, CLASSIFIER] },
  positions: countedTokens,
  head,
};

/** Dropout is before its first layer too. f32 [batch, hidden] → f32 [batch, labels]. */
function head(first: Value, pass: Pass): Value {
  const { hiddenSize, labels, classifierDropout } = pass.config;
  const input = drop(first, classifierDropout, pass);
  const hidden = tanh(denseLinear(input, DENSE, hiddenSize));
  return denseLinear(drop(hidden, classifierDropout, pass), CLASSIFIER, labels.length);
}
