import type { KeepChoice } from '@sketchgrad/core';
import type { EstimatorSpec, Way } from '@sketchgrad/train/language';
import {
  type EstimatorOptions,
  RUN_DEFAULTS,
  type RunFolderOptions,
  type StepOptions,
} from '../runs/settings.js';
import type { ModelName } from './defaults.js';

/** What graph networks can keep in few bits. */
export const GRAPH_KEPT = ['norm'] as const;

/** A graph and a network; what the network is like is as published for the graph unless given. */
export interface GraphSettings extends EstimatorOptions, StepOptions {
  /** A name, or the folder of one. */
  readonly dataset: string;
  /** The folder that a data set with a name is in; wordnet needs none. */
  readonly data?: string;
  /** Whether the data set is fetched into `data` where it is not there. */
  readonly download: boolean;
  readonly model: ModelName;
  readonly layers?: number;
  readonly hidden?: number;
  readonly dropout?: number;
  readonly dropInput?: boolean;
  readonly batchNorm?: boolean;
  readonly residual?: boolean;
  readonly alpha?: number;
  readonly lambda?: number;
  readonly separateWeights?: boolean;
  readonly normalizeRows?: boolean;
  readonly keep?: Pick<KeepChoice, 'norm'>;
}

/** Parts of a graph that are trained on in turns. */
export interface Clusters {
  readonly parts: number;
  /** Parts in a step. */
  readonly perBatch: number;
}

/** How a network is trained, as published for the graph unless given. */
export interface GraphTrainingSettings extends GraphSettings, RunFolderOptions {
  readonly epochs?: number;
  readonly learningRate?: number;
  readonly penalty?: number;
  readonly convolutionPenalty?: number;
  readonly patience?: number;
  readonly evaluateEvery: number;
  /** All of the graph at once, or parts of it. */
  readonly batch: Clusters | 'full';
}

/** One training run. */
export interface GraphRunSettings extends GraphTrainingSettings {
  readonly estimator: EstimatorSpec;
}

/** Runs that are compared: each way with each of so many seeds, from `seed` on. */
export interface GraphComparisonSettings extends GraphTrainingSettings {
  readonly ways: readonly Way[];
  readonly seeds: number;
}

/** What is as usual. */
export const GRAPH_DEFAULTS = {
  ...RUN_DEFAULTS,
  ...{ dataset: 'wordnet', download: false, model: 'gcn' },
  ...{ evaluateEvery: 1, batch: 'full', saveEvery: 20 },
} as const satisfies GraphTrainingSettings;
