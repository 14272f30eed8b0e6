import { constant, gather, tanh, type Value } from '@sketchgrad/core';
import { denseLinear } from './linear-layer.js';
import { drop, type Pass } from './pass.js';

/**
 * Logits from the first token of each sequence: BERT's pooler and classifier, or RoBERTa's head,
 * which has dropout before its first layer too. f32 [batch · sequence, hidden] → f32 [batch, labels].
 */
export function classificationHead(x: Value, pass: Pass): Value {
  const { config, batchSize, sequence } = pass;
  const rows = Int32Array.from({ length: batchSize }, (_, index) => index * sequence);
  const first = gather(x, constant(rows));
  return config.architecture === 'bert' ? bertHead(first, pass) : robertaHead(first, pass);
}

/** f32 [batch, hidden] → f32 [batch, labels]. */
function bertHead(first: Value, pass: Pass): Value {
  const { hiddenSize, labels, classifierDropout } = pass.config;
  const pooled = tanh(denseLinear(first, 'bert.pooler.dense', hiddenSize));
  return denseLinear(drop(pooled, classifierDropout, pass), 'classifier', labels.length);
}

/** f32 [batch, hidden] → f32 [batch, labels]. */
function robertaHead(first: Value, pass: Pass): Value {
  const { hiddenSize, labels, classifierDropout } = pass.config;
  const input = drop(first, classifierDropout, pass);
  const hidden = tanh(denseLinear(input, 'classifier.dense', hiddenSize));
  return denseLinear(drop(hidden, classifierDropout, pass), 'classifier.out_proj', labels.length);
}
