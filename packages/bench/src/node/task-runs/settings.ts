import { glueTaskNames } from '@sketchgrad/datasets';
import type { LastLayer } from '@sketchgrad/models';
import type { Budgeted } from '@sketchgrad/train';
import type { EstimatorSpec } from '@sketchgrad/train/language';
import {
  type EstimatorOptions,
  RUN_DEFAULTS,
  type RunFolderOptions,
  type StepOptions,
} from '../runs/settings.js';

/** Names of the tasks that can be trained on. */
export const TASKS = ['wordnet', ...glueTaskNames] as const;

/** A model, and the sizes of its steps. */
export interface ModelSettings extends EstimatorOptions, StepOptions {
  /** A name, or the model's folder. */
  readonly model: string;
  /** Whether all weights are drawn from the seed. */
  readonly randomWeights: boolean;
  /** Examples in a step. */
  readonly batchSize: number;
  /** Tokens in an example, at most. */
  readonly sequence: number;
  /** Which rows the last layer computes. */
  readonly lastLayer: LastLayer;
}

/** Which task, and where it is read from. */
export interface TaskSettings {
  readonly task: (typeof TASKS)[number];
  /** GLUE's folder; wordnet needs none. */
  readonly data?: string;
  /** Whether the task is fetched into `data` where it is not there. */
  readonly download: boolean;
}

/** By what estimators are chosen by layer. */
export interface BudgetSettings {
  /** Bytes. */
  readonly memoryBudget?: number;
  readonly budgetOf: Budgeted;
  readonly noiseBudget?: number;
  readonly candidates?: readonly EstimatorSpec[];
}

/** A run on a task. */
export interface TaskRunSettings
  extends ModelSettings,
    TaskSettings,
    BudgetSettings,
    RunFolderOptions {
  readonly estimator: EstimatorSpec;
  /** Whether a model's own classifier is left aside. */
  readonly newHead: boolean;
  /** A file with what a budget chose before, in place of `estimator`. */
  readonly choice?: string;
  readonly epochs: number;
  /** Its peak, after the warm-up. */
  readonly learningRate: number;
  /** Pieces into which each batch is cut. */
  readonly accumulate: number;
  readonly clipNorm?: number;
  readonly maxExamples?: number;
  readonly maxDevExamples?: number;
  /** Tokens that each example is padded to; nothing is padded unless given. */
  readonly padTo?: number;
}

/** What is as usual. */
export const TASK_DEFAULTS = {
  ...RUN_DEFAULTS,
  ...{ task: 'wordnet', download: false, model: 'minilm', randomWeights: false, newHead: false },
  ...{
    batchSize: 32,
    sequence: 128,
    lastLayer: 'first',
    epochs: 3,
    learningRate: 5e-5,
    accumulate: 1,
  },
  ...{ budgetOf: 'peak', saveEvery: 200 },
} as const satisfies Omit<TaskRunSettings, 'estimator'>;
