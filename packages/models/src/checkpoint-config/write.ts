import { join } from 'node:path';
import { checkText } from '@sketchgrad/core';
import { type ConfigMapping, fieldOf } from '../architectures/architecture.js';
import { architectureOf } from '../architectures/table.js';
import { checkConfig } from '../checks/kinds.js';
import type { EncoderConfig } from '../layers/encoder-config.js';
import { writeFileAtomically } from '../safetensors/atomic-file.js';

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
