import { join } from 'node:path';
import { checkText } from '@sketchgrad/core';
import { checkConfig } from '../checks/kinds.js';
import { writeFileAtomically } from '../safetensors/atomic-file.js';
import type { EncoderConfig } from './encoder-config.js';

/**
 * Writes `config.json` into a folder, as transformers reads it
 * (`AutoModelForSequenceClassification.from_pretrained`).
 *
 * @throws DataError where it cannot be written; an existing file is then left as it was.
 */
export async function writeConfig(folder: string, config: EncoderConfig): Promise<void> {
  checkText('folder', folder);
  const text = `${JSON.stringify(formatConfig(config), null, 2)}\n`;
  await writeFileAtomically(join(folder, 'config.json'), (append) =>
    append(new TextEncoder().encode(text)),
  );
}

/** The contents of a config.json for a configuration: the inverse of `parseConfig`. */
export function formatConfig(config: EncoderConfig): Record<string, unknown> {
  checkConfig(config);
  const isRoberta = config.architecture === 'roberta';
  return {
    architectures: [`${isRoberta ? 'Roberta' : 'Bert'}ForSequenceClassification`],
    model_type: config.architecture,
    hidden_size: config.hiddenSize,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    intermediate_size: config.intermediateSize,
    vocab_size: config.vocabularySize,
    max_position_embeddings: config.maxPositions,
    type_vocab_size: config.typeVocabularySize,
    layer_norm_eps: config.layerNormEpsilon,
    hidden_dropout_prob: config.hiddenDropout,
    attention_probs_dropout_prob: config.attentionDropout,
    classifier_dropout: config.classifierDropout,
    pad_token_id: config.padTokenId,
    hidden_act: config.hiddenActivation,
    initializer_range: config.initializerRange,
    ...(config.tokenizerClass === undefined ? {} : { tokenizer_class: config.tokenizerClass }),
    id2label: Object.fromEntries(config.labels.map((label, id) => [id, label])),
    label2id: Object.fromEntries(config.labels.map((label, id) => [label, id])),
    problem_type:
      config.problemType === 'regression' ? 'regression' : 'single_label_classification',
  };
}
