import { checkText } from '@sketchgrad/core';
import { checkpointFiles } from './checkpoint.js';
import { findModel } from './find-model.js';
import { tokenizerFiles } from './model-folder.js';

/** The files that a model is loaded from, by what they hold; none for what is built in or drawn. */
export interface ModelFileList {
  readonly config: readonly string[];
  readonly weights: readonly string[];
  readonly tokenizer: readonly string[];
}

/**
 * Lists the files that {@link loadClassifier} and a tokenizer read of a model, so that a run can tell
 * by their content whether it starts from the same.
 *
 * @param nameOrFolder as for `loadClassifier`
 * @throws UsageError for what is no model; DataError for a folder without weights
 */
export async function modelFiles(
  nameOrFolder: string,
  { randomWeights = false }: { readonly randomWeights?: boolean } = {},
): Promise<ModelFileList> {
  checkText('the name or folder of a model', nameOrFolder);
  const { source, config, weights } = await findModel(nameOrFolder, randomWeights);
  const tokenizer = source.tokenizer?.path;
  return {
    config: config === undefined ? [] : [config],
    weights: weights === undefined ? [] : await checkpointFiles(weights),
    tokenizer: tokenizer === undefined ? [] : await tokenizerFiles(tokenizer),
  };
}
