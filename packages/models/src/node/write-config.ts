import { join } from 'node:path';
import { checkText } from '@sketchgrad/core';
import { encodeConfig } from '../checkpoint-config/write.js';
import type { EncoderConfig } from '../layers/encoder-config.js';
import { writeFileAtomically } from './atomic-file.js';

/**
 * Writes `config.json` into a folder, as transformers reads it
 * (`AutoModelForSequenceClassification.from_pretrained`).
 *
 * @throws DataError where it cannot be written; an existing file is then left as it was.
 */
export async function writeConfig(folder: string, config: EncoderConfig): Promise<void> {
  checkText('folder', folder);
  const bytes = encodeConfig(config);
  await writeFileAtomically(join(folder, 'config.json'), (append) => append(bytes));
}
