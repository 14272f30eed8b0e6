import type { Progress } from '@sketchgrad/bench/command-line';
import { type BatchSource, batchSource, encodeExamples } from '@sketchgrad/datasets';
import type { EncoderClassifier } from '@sketchgrad/models';
import type { FinetuneOptions } from '../options/finetune.js';
import { readTaskData, type TaskDataOptions } from '../tasks/task-data.js';
import { loadModel } from './load-model.js';

/** A model for a task, and the task's training examples. @throws what reading and loading throw */
export async function readTraining(
  options: TaskDataOptions &
    Pick<FinetuneOptions, 'model' | 'randomWeights' | 'newHead' | 'sequence'>,
  progress: Progress,
): Promise<{ readonly model: EncoderClassifier; readonly data: BatchSource }> {
  const { task, train, notes } = await readTaskData(options, (text) => progress.note(text));
  for (const note of notes) progress.note(note);
  const { model, tokenizer } = await loadModel(options, task, progress);
  const encoded = encodeExamples({ task, rows: train }, tokenizer, { maxLength: options.sequence });
  return { model, data: batchSource(encoded) };
}
