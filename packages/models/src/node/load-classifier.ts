import { checkText } from '@sketchgrad/core';
import { checkLoadOptions, classifierOf, type LoadOptions } from '../classifier/classifier-of.js';
import type { EncoderClassifier } from '../classifier/encoder-classifier.js';
import { findModel } from './find-model.js';

/**
 * Loads a model to be fine-tuned: its configuration now, its weights when training starts. Tensors
 * may all have the prefix `module.`, `_orig_mod.` or `model.`, may lack the encoder's own (`bert.`), and
 * normalisations may have the names of old, gamma and beta.
 *
 * @param nameOrFolder 'minilm' (all-MiniLM-L6-v2, which is installed with this package), a Hugging
 * Face folder with config.json and model.safetensors, or, with random weights only, 'bert-base' or
 * 'roberta-base'
 * @throws UsageError for what is none of these, and for labels that are empty or repeated; DataError
 * for a folder without valid files, whose tensors are not the model's, naming the first, or whose
 * classifier is for another number of classes than is asked for, or says yes or no to each of them
 */
export async function loadClassifier(
  nameOrFolder: string,
  options: LoadOptions = {},
): Promise<EncoderClassifier> {
  checkText('the name or folder of a model', nameOrFolder);
  checkLoadOptions('loadClassifier', options);
  const { source, readConfigFields } = await findModel(
    nameOrFolder,
    options.randomWeights ?? false,
  );
  return classifierOf(await readConfigFields(), source, options);
}
