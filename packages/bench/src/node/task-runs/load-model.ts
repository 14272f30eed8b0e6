import { UsageError } from '@sketchgrad/core';
import type { Task, Tokenizer } from '@sketchgrad/datasets';
import { loadTokenizer } from '@sketchgrad/datasets/node';
import { type EncoderClassifier, longestSequence } from '@sketchgrad/models';
import { loadClassifier } from '@sketchgrad/models/node';
import type { RunProgress } from '../runs/context.js';
import type { TaskRunSettings } from './settings.js';

/** A model for a task, and its tokenizer. */
export interface LoadedModel {
  readonly model: EncoderClassifier;
  readonly tokenizer: Tokenizer;
}

/**
 * Loads a model with a classifier for the task's labels, and says what of the checkpoint was not used
 * or was not there.
 *
 * @throws UsageError for an unknown model, one without a tokenizer, or sequences that are longer
 * than its positions; DataError for files that are missing, wrong, or of different models
 */
export async function loadModel(
  {
    model: name,
    randomWeights,
    newHead,
    lastLayer,
    sequence,
  }: Pick<TaskRunSettings, 'model' | 'randomWeights' | 'newHead' | 'lastLayer' | 'sequence'>,
  task: Task,
  progress: RunProgress,
): Promise<LoadedModel> {
  const labels = task.regression ? 'regression' : task.labels;
  const model = await loadClassifier(name, {
    labels,
    randomWeights,
    newHead,
    lastLayer,
    onWarning: (message) => progress.note(`warning: ${message}`),
  });
  const longest = longestSequence(model.config);
  if (sequence > longest)
    throw new UsageError(
      `--sequence ${sequence} is more than the ${longest} positions of the model; at most ${longest} are accepted`,
    );
  const { vocabularySize } = model.config;
  const tokenizer = await loadTokenizer(model.tokenizerPath, { embeddingRows: vocabularySize });
  model.checkTokenizer(tokenizer);
  return { model, tokenizer };
}
