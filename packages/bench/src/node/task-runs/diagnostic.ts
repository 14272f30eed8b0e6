import { join } from 'node:path';
import type { BatchSource, Example, Task } from '@sketchgrad/datasets';
import type { EncoderClassifier } from '@sketchgrad/models';
import { writeFileAtomically } from '@sketchgrad/models/node';
import { type EvaluateOptions, evaluate } from '@sketchgrad/train';
import type { TaskRunFolder } from './train-on-task.js';

/** Rows to predict, and the task that they are of. */
export interface Diagnostic {
  readonly task: Task;
  readonly rows: readonly Example[];
}

/** A trained model, and what it takes to judge it. */
export interface Judging {
  readonly model: EncoderClassifier;
  readonly evaluation: Omit<EvaluateOptions, 'data' | 'metrics'>;
  /** Rows as the model reads them. */
  readonly asData: (rows: readonly Example[]) => BatchSource;
  readonly folder: TaskRunFolder | undefined;
}

/**
 * Predicts GLUE's diagnostic set and writes what gluebenchmark.com takes, AX.tsv, into the folder.
 *
 * @returns its scores by name, where the file has labels; the official one has none
 */
export async function predictDiagnostic(
  { task, rows }: Diagnostic,
  { model, evaluation, asData, folder }: Judging,
): Promise<Readonly<Record<string, number>>> {
  const hasLabels = rows.every(({ label }) => label !== null);
  const { metrics, predictions } = await evaluate(model, {
    ...evaluation,
    data: asData(rows),
    metrics: hasLabels ? task.metrics : [],
  });
  if (folder) {
    const lines = predictions.map((label, index) => `${index}\t${task.labels[label]}`);
    const text = ['index\tprediction', ...lines, ''].join('\n');
    await writeFileAtomically(join(folder.path, 'AX.tsv'), (append) => append(Buffer.from(text)));
  }
  return metrics;
}
