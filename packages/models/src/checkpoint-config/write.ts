import { type ConfigMapping, fieldOf } from '../architectures/architecture.js';
import { architectureOf } from '../architectures/table.js';
import { checkConfig } from '../checks/kinds.js';
import type { EncoderConfig } from '../layers/encoder-config.js';

/** The contents of a config.json for a configuration: the inverse of `parseConfig`. */
export function formatConfig(config: EncoderConfig): Record<string, unknown> {
  checkConfig(config);
  const { name, className, config: mapping } = architectureOf(config);
  const settings = Object.keys(mapping.settings) as (keyof ConfigMapping['settings'])[];
  return {
    architectures: [`${className}ForSequenceClassification`],
    model_type: name,
    ...Object.fromEntries(
      settings.flatMap((setting) => {
        const field = fieldOf(mapping, setting);
        return field === undefined ? [] : [[field, config[setting]]];
      }),
    ),
    ...(config.tokenizerClass === undefined ? {} : { tokenizer_class: config.tokenizerClass }),
    id2label: Object.fromEntries(config.labels.map((label, id) => [id, label])),
    label2id: Object.fromEntries(config.labels.map((label, id) => [label, id])),
    problem_type:
      config.problemType === 'regression' ? 'regression' : 'single_label_classification',
  };
}

/** A config.json for a configuration, as text in UTF-8. */
export const encodeConfig = (config: EncoderConfig): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(`${JSON.stringify(formatConfig(config), null, 2)}\n`);
