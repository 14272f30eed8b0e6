import { UsageError } from '@sketchgrad/core';
import {
  type Example,
  type GlueSplit,
  glueTask,
  type Task,
  wordNetTask,
} from '@sketchgrad/datasets';
import { downloadGlue, readGlue, readWordNet } from '@sketchgrad/datasets/node';
import { downloadProgress } from '../runs/download-progress.js';
import type { TaskRunSettings } from './settings.js';

/** Labelled rows that a trained model is scored on. */
export interface EvaluationRows {
  /** What is put behind the names of its metrics. */
  readonly suffix: string;
  readonly rows: readonly Example[];
}

/** All that a run on a task reads. */
export interface TaskData {
  /** The task whose labels are learned: MNLI for the diagnostic set. */
  readonly task: Task;
  readonly train: readonly Example[];
  /** The first is scored after each epoch, the others at the end. */
  readonly evaluations: readonly [EvaluationRows, ...EvaluationRows[]];
  /** Rows to predict at the end, whether they have labels or not: the diagnostic set. */
  readonly diagnostic?: { readonly task: Task; readonly rows: readonly Example[] };
  /** What the reader of the results should know, as sentences. */
  readonly notes: readonly string[];
}

/** Where to read from, and how much. */
export type TaskDataOptions = Pick<
  TaskRunSettings,
  'task' | 'data' | 'download' | 'maxExamples' | 'maxDevExamples'
>;

/**
 * Reads a task's examples.
 *
 * @param say is told how a download comes on
 * @throws UsageError where a folder is needed and none was given; DataError for files that are
 * missing or wrong
 */
export async function readTaskData(
  options: TaskDataOptions,
  say: (text: string) => void,
): Promise<TaskData> {
  return options.task === 'wordnet' ? readGlosses(options) : readGlueData(options, say);
}

async function readGlosses({ maxExamples, maxDevExamples }: TaskDataOptions): Promise<TaskData> {
  const read = async (split: 'train' | 'dev', most: number | undefined) =>
    (await readWordNet({ split, ...(most === undefined ? {} : { maxExamples: most }) })).rows;
  return {
    task: wordNetTask,
    train: await read('train', maxExamples),
    evaluations: [{ suffix: '', rows: await read('dev', maxDevExamples) }],
    notes: [],
  };
}

async function readGlueData(
  { task: name, data, download, maxExamples, maxDevExamples }: TaskDataOptions,
  say: (text: string) => void,
): Promise<TaskData> {
  const asked = glueTask(name);
  const learned = glueTask(asked.trainedOn);
  if (data === undefined)
    throw new UsageError(
      `the task ${name} needs --data: GLUE's folder, with ${learned.folder} in it` +
        (download ? ' or to be downloaded into it' : ', or add --download to fetch it there'),
    );
  if (download)
    for (const task of new Set([learned, asked]))
      await downloadGlue(task.name, data, { onProgress: downloadProgress(say) });

  const notes: string[] = [];
  const read = async (task: string, split: GlueSplit, most?: number) => {
    const found = await readGlue(task, split, data);
    notes.push(...found.notes);
    return found.rows.slice(0, most);
  };
  const train = await read(learned.name, 'train', maxExamples);
  const evaluations: EvaluationRows[] = [];
  for (const split of learned.evaluationSplits)
    evaluations.push({
      suffix: split.replace(/^dev/, ''),
      rows: await read(learned.name, split, maxDevExamples),
    });
  const diagnostic =
    asked === learned ? {} : { diagnostic: { task: asked, rows: await read(name, 'test') } };
  const [first, ...others] = evaluations;
  return { task: learned, train, evaluations: [first!, ...others], ...diagnostic, notes };
}
