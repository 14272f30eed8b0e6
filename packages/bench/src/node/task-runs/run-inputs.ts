import { modelFiles } from '@sketchgrad/models/node';
import { digestOfFiles, digestOfRows, type Inputs } from '../runs/digests.js';
import type { TaskRunSettings } from './settings.js';
import type { TaskData } from './task-data.js';

/**
 * What a run starts from, by content and not by place, so that it is found again and continued only
 * from the same: the task's rows, the model's files, and a choice of estimators.
 *
 * @throws UsageError for an unknown model; DataError for files that are missing
 */
export async function runInputs(
  options: Pick<TaskRunSettings, 'model' | 'randomWeights' | 'newHead' | 'choice'>,
  task: TaskData,
): Promise<Inputs> {
  const { model, randomWeights, newHead, choice } = options;
  const { config, weights, tokenizer } = await modelFiles(model, { randomWeights });
  return {
    rows: digestOfRows(rowsOf(task)),
    config: config.length === 0 ? `built in: ${model}` : await digestOfFiles(config),
    weights: weights.length === 0 ? 'random' : await digestOfFiles(weights),
    tokenizer: tokenizer.length === 0 ? 'none' : await digestOfFiles(tokenizer),
    head: newHead ? 'new' : "the model's own, where it has one",
    ...(choice === undefined ? {} : { choice: await digestOfFiles([choice]) }),
  };
}

/** All rows, by what they are for. */
const rowsOf = ({ train, evaluations, diagnostic }: TaskData) => ({
  train,
  ...Object.fromEntries(evaluations.map(({ suffix, rows }) => [`dev${suffix}`, rows])),
  ...(diagnostic && { diagnostic: diagnostic.rows }),
});
