import type {
  Backend,
  DeviceState,
  GradientEstimator,
  KeepChoice,
  LayerEstimators,
  RecomputeMode,
} from '@sketchgrad/core';
import type { BudgetOptions } from '../budget/budget.js';
import type { Candidate } from '../budget/candidates.js';
import type { EstimatorChoice } from '../budget/choice.js';
import type { Configuration } from '../checkpoints/progress.js';
import type { EveryLayerOption } from '../free-inputs/exact-where-free.js';
import type { MetricName } from '../metrics/evaluate.js';
import type { TrainingData } from '../model.js';
import type { AdamWOptions } from '../optimizer/adamw.js';
import type { PriorityPolicy } from '../priorities/policy.js';
import type { ProbeOptions } from '../probe/options.js';
import type { Schedule } from '../schedules/schedule.js';
import type { EpochEvent, SearchEvent, StepEvent } from './events.js';

/** Where a run keeps its checkpoints. Needs Node. */
export interface CheckpointOptions {
  /** A directory of the run's own; made where it does not exist. */
  readonly directory: string;
  /** Updates between checkpoints, beside the one at the end of each epoch; none unless given. */
  readonly everySteps?: number;
  /** How many of them stay; 2 unless given. */
  readonly keep?: number;
}

/** What a model is judged by after each epoch. */
export interface EvaluationOptions {
  /** Examples with labels, in the order in which predictions are wanted. */
  readonly data: TrainingData;
  /** Scores to compute, the leading one first. */
  readonly metrics: readonly MetricName[];
}

export interface FineTuneOptions extends BudgetOptions, EveryLayerOption {
  readonly backend: Backend;
  /** Examples with labels. */
  readonly data: TrainingData;
  readonly evaluation?: EvaluationOptions;
  /** Passes over the data; 3 unless given. */
  readonly epochs?: number;
  /** The largest learning rate, which the schedule multiplies; 5e-5 unless given. */
  readonly learningRate?: number;
  /** Examples of one update; 32 unless given. An epoch's last batch may have fewer. */
  readonly batchSize?: number;
  /** Linear decay after a warm-up over the first 6 % of steps, unless given. */
  readonly schedule?: Schedule;
  /** AdamW's constants; β = (0.9, 0.98), ε = 1e-6 and weight decay 0.1 unless given. */
  readonly optimizer?: Partial<AdamWOptions>;
  /**
   * What linear layers keep for their weights' gradients, all alike or chosen by layer; dense
   * (exact) unless given.
   */
  readonly estimator?: GradientEstimator | LayerEstimators;
  /**
   * How an estimator that ranks rows has them guessed: `example` unless given. What the run has seen
   * is held on the host, for `example` two bytes for each token of the data and layer that ranks.
   */
  readonly priorities?: PriorityPolicy;
  /** What a budget chooses among; every estimator unless given, see `defaultCandidates`. */
  readonly candidates?: readonly Candidate[];
  /** Layers whose gradient's noise is to be known at each step, or every so many; none unless given. */
  readonly probe?: ProbeOptions;
  /** What the layers between the linear ones keep in few bits; nothing unless given: all is exact. */
  readonly keep?: KeepChoice;
  /** What the backward pass computes again instead of keeping it; `cheap` unless given. */
  readonly recompute?: RecomputeMode;
  /** Seed of data order, dropout, sketches and the model's new layers, 0 to 2³² − 1; 0 unless given. */
  readonly seed?: number;
  /** The largest global norm of an update's gradients; none unless given. */
  readonly clipNorm?: number;
  /**
   * Micro-batches into which each batch is cut, one after the other, their gradients added up: less
   * memory, the same mean gradient up to rounding. Divides the batch size; 1 unless given.
   */
  readonly accumulate?: number;
  /**
   * What else the numbers depend on that only the caller knows, by name, such as checksums of the files
   * that the weights come from: a run is resumed only with the same.
   */
  readonly inputs?: Configuration;
  readonly checkpoint?: CheckpointOptions;
  /** Continues the run of which `checkpoint.directory` has checkpoints; false unless given. */
  readonly resume?: boolean;
  /** Once aborted, the run finishes its step, writes a checkpoint, and throws InterruptedError. */
  readonly signal?: AbortSignal;
  /** Told how far the search has come for what keeps to a budget, which takes as long as a few steps. */
  readonly onSearch?: (event: SearchEvent) => void;
  /** Told what a budget has chosen, before the first step. */
  readonly onChoice?: (choice: EstimatorChoice) => void | Promise<void>;
  readonly onStep?: (event: StepEvent) => void;
  readonly onEpoch?: (event: EpochEvent) => void;
  /**
   * Told, in a sentence, of a damaged checkpoint passed over or one of another version, or that a step
   * keeps more than with exact gradients; a Node warning unless given.
   */
  readonly onWarning?: (message: string) => void;
  /**
   * A state of the backend that holds weights to start from, such as an earlier run's; the
   * optimizer's state in it is reset. Unless given, the model's own starting weights are used.
   */
  readonly state?: DeviceState;
}
