import { join } from 'node:path';
import { checkMembers, checkState, checkText, type DeviceState } from '@sketchgrad/core';
import type { EncoderClassifier } from '../classifier/encoder-classifier.js';
import { writeFileAtomically } from './atomic-file.js';
import { writeFolder } from './model-folder.js';

/**
 * Writes a model into a folder that transformers loads, and that `loadClassifier` does: config.json,
 * model.safetensors in f32, and the tokenizer's files where there are any. A new folder is complete or not
 * there at all; in one that exists, files of these names are replaced.
 *
 * @throws DataError where it cannot be written; UsageError where the state lacks a parameter
 */
export async function saveClassifier(
  model: EncoderClassifier,
  folder: string,
  state: DeviceState,
): Promise<void> {
  checkMembers('model', model, {
    accepted: 'a classifier, such as await loadClassifier(name) gives',
    members: { files: 'function' },
  });
  checkText('folder', folder);
  checkState('state', state);
  await writeFolder(folder, async (temporary) => {
    for (const { name, chunks } of await model.files(state))
      await writeFileAtomically(join(temporary, name), async (append) => {
        for await (const chunk of chunks()) await append(chunk);
      });
  });
}
