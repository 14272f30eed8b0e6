import { type BatchSource, batchSource, encodeExamples } from '@sketchgrad/datasets';
import type { EncoderClassifier } from '@sketchgrad/models';
import type { RunProgress } from '../runs/context.js';
import { loadModel } from './load-model.js';
import type { TaskRunSettings } from './settings.js';
import { readTaskData, type TaskDataOptions } from './task-data.js';

/** A model for a task, and the task's training examples. @throws what reading and loading throw */
export async function readTraining(
  options: TaskDataOptions &
    Pick<
      TaskRunSettings,
      'model' | 'randomWeights' | 'newHead' | 'lastLayer' | 'sequence' | 'padTo'
    >,
  progress: RunProgress,
): Promise<{ readonly model: EncoderClassifier; readonly data: BatchSource }> {
  const { task, train, notes } = await readTaskData(options, (text) => progress.note(text));
  for (const note of notes) progress.note(note);
  const { model, tokenizer } = await loadModel(options, task, progress);
  const { sequence, padTo } = options;
  const encoded = encodeExamples({ task, rows: train }, tokenizer, { maxLength: sequence });
  return { model, data: batchSource(encoded, { padTo }) };
}
