import { describeValue, nearName, UsageError } from '@sketchgrad/core';
import type { MetricName, Task } from '../task.js';

/** GLUE's nine tasks and its diagnostic set, under the names that Hugging Face's `glue` gives them. */
export type GlueTaskName =
  | 'cola'
  | 'sst2'
  | 'mrpc'
  | 'stsb'
  | 'qqp'
  | 'mnli'
  | 'qnli'
  | 'rte'
  | 'wnli'
  | 'ax';

/** A part of a task's data. MNLI's `dev` and `test` are the matched ones. */
export type GlueSplit = 'train' | 'dev' | 'dev_mismatched' | 'test' | 'test_mismatched';

/** Where the values of an example stand in a row, by the header line's names. */
export interface GlueColumns {
  readonly first: string;
  /** Undefined in single-sentence tasks. */
  readonly second?: string;
  readonly label: string;
}

/** How a split is stored. */
export interface GlueFile {
  /** File names within the task's folder, the official one first; the first that exists is read. */
  readonly names: readonly string[];
  /** All columns in order, for a file without a header line (CoLA's train and dev). */
  readonly headless?: readonly string[];
}

/** A task of the General Language Understanding Evaluation (arXiv 1804.07461). */
export interface GlueTask extends Task {
  readonly name: GlueTaskName;
  /** Name of the task's folder as officially zipped. */
  readonly folder: string;
  /** True where two sentences belong together. */
  readonly pair: boolean;
  /** Columns of the official files, and of the other versions that are about. */
  readonly columns: readonly GlueColumns[];
  /** The splits that there are. */
  readonly splits: Readonly<Partial<Record<GlueSplit, GlueFile>>>;
  /** The labelled splits that a trained model is scored on; none for the diagnostic set. */
  readonly evaluationSplits: readonly GlueSplit[];
  /** The task whose train split a model for this one learns from: itself, but `mnli` for `ax`. */
  readonly trainedOn: GlueTaskName;
}

const plainSplits = {
  train: { names: ['train.tsv'] },
  dev: { names: ['dev.tsv'] },
  test: { names: ['test.tsv'] },
} as const;

const sentencePair = { first: 'sentence1', second: 'sentence2', label: 'label' } as const;

type Description = Pick<GlueTask, 'labels' | 'metrics' | 'folder' | 'columns'> & Partial<GlueTask>;

function describe(name: GlueTaskName, description: Description): GlueTask {
  return {
    name,
    regression: false,
    pair: description.columns.every(({ second }) => second !== undefined),
    splits: plainSplits,
    evaluationSplits: ['dev'],
    trainedOn: name,
    ...description,
  };
}

const accuracy: readonly MetricName[] = ['accuracy'];
const accuracyAndF1: readonly MetricName[] = ['accuracy', 'f1'];
const entailment = ['entailment', 'not_entailment'];
const inference = ['entailment', 'neutral', 'contradiction'];
const colaColumns = ['source', 'label', 'mark', 'sentence'];

/** Every task, by name; labels are in the order of Hugging Face's `glue`. */
export const glueTasks: Readonly<Record<GlueTaskName, GlueTask>> = {
  cola: describe('cola', {
    labels: ['unacceptable', 'acceptable'],
    metrics: ['matthews'],
    folder: 'CoLA',
    columns: [{ first: 'sentence', label: 'label' }],
    splits: {
      train: { names: ['train.tsv'], headless: colaColumns },
      dev: { names: ['dev.tsv'], headless: colaColumns },
      test: { names: ['test.tsv'] },
    },
  }),
  sst2: describe('sst2', {
    labels: ['negative', 'positive'],
    metrics: accuracy,
    folder: 'SST-2',
    columns: [{ first: 'sentence', label: 'label' }],
  }),
  mrpc: describe('mrpc', {
    labels: ['not_equivalent', 'equivalent'],
    metrics: accuracyAndF1,
    folder: 'MRPC',
    columns: [{ first: '#1 String', second: '#2 String', label: 'Quality' }],
  }),
  stsb: describe('stsb', {
    labels: [],
    regression: true,
    metrics: ['pearson', 'spearman'],
    folder: 'STS-B',
    columns: [{ ...sentencePair, label: 'score' }],
  }),
  qqp: describe('qqp', {
    labels: ['not_duplicate', 'duplicate'],
    metrics: accuracyAndF1,
    folder: 'QQP',
    columns: [{ first: 'question1', second: 'question2', label: 'is_duplicate' }],
  }),
  mnli: describe('mnli', {
    labels: inference,
    metrics: accuracy,
    folder: 'MNLI',
    columns: [{ ...sentencePair, label: 'gold_label' }],
    splits: {
      train: { names: ['train.tsv'] },
      dev: { names: ['dev_matched.tsv'] },
      dev_mismatched: { names: ['dev_mismatched.tsv'] },
      test: { names: ['test_matched.tsv'] },
      test_mismatched: { names: ['test_mismatched.tsv'] },
    },
    evaluationSplits: ['dev', 'dev_mismatched'],
  }),
  qnli: describe('qnli', {
    labels: entailment,
    metrics: accuracy,
    folder: 'QNLI',
    columns: [{ first: 'question', second: 'sentence', label: 'label' }],
  }),
  rte: describe('rte', {
    labels: entailment,
    metrics: accuracy,
    folder: 'RTE',
    columns: [sentencePair],
  }),
  wnli: describe('wnli', {
    labels: ['not_entailment', 'entailment'],
    metrics: accuracy,
    folder: 'WNLI',
    columns: [sentencePair],
  }),
  ax: describe('ax', {
    labels: inference,
    metrics: ['matthews'],
    folder: 'AX',
    columns: [sentencePair, { first: 'Premise', second: 'Hypothesis', label: 'Label' }],
    splits: { test: { names: ['diagnostic.tsv', 'AX.tsv', 'test.tsv', 'diagnostic-full.tsv'] } },
    evaluationSplits: [],
    trainedOn: 'mnli',
  }),
};

/** The names of all tasks, in GLUE's order. */
export const glueTaskNames = Object.keys(glueTasks) as readonly GlueTaskName[];

/**
 * A task's description.
 *
 * @throws UsageError on an unknown name
 */
export function glueTask(name: string): GlueTask {
  if (typeof name !== 'string' || !Object.hasOwn(glueTasks, name)) {
    throw new UsageError(
      `unknown GLUE task ${describeValue(name)}${nearName(String(name), glueTaskNames)}: expected one of ${glueTaskNames.join(', ')}`,
    );
  }
  return glueTasks[name as GlueTaskName];
}
