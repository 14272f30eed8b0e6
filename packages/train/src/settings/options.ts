import type {
  Backend,
  DeviceState,
  GradientEstimator,
  KeepChoice,
  LayerEstimators,
  OptionNames,
  RecomputeMode,
} from '@sketchgrad/core';
import type { BudgetOptions } from '../budget/budget.js';
import type { Candidate } from '../budget/candidates.js';
import type { EstimatorChoice } from '../budget/choice.js';
import type { CheckpointStore } from '../checkpoints/checkpoint-store.js';
import type { Configuration, EvaluationRecord } from '../checkpoints/progress.js';
import type { EveryLayerOption } from '../free-inputs/exact-where-free.js';
import type { OptimizerOptions } from '../optimizer/optimizer.js';
import type { PriorityPolicy } from '../priorities/policy.js';
import type { ProbeOptions } from '../probe/options.js';
import type { Schedule } from '../schedules/schedule.js';
import type { EpochEvent, SearchEvent, StepEvent } from './events.js';

/** Where and how often a run keeps checkpoints; the first is written before the first step. */
export interface CheckpointOptions {
  /** `new CheckpointFolder(directory)` of `@sketchgrad/train/node`, or `new CheckpointMemory()`. */
  readonly store: CheckpointStore;
  /** Updates between checkpoints, beside those at the ends of epochs; none unless given. */
  readonly everySteps?: number;
  /** Epochs between checkpoints; 1 unless given. After the last one there is one in any case. */
  readonly everyEpochs?: number;
}

/** What decides which evaluation is the best: the leading score, or the loss. */
export const SELECTIONS = ['score', 'loss'] as const;
export type Selection = (typeof SELECTIONS)[number];

/** What every run can be told, whatever it is trained on. */
export interface RunOptions extends BudgetOptions, EveryLayerOption {
  readonly backend: Backend;
  /** Passes over the data. */
  readonly epochs?: number;
  /** The largest learning rate, which the schedule multiplies. */
  readonly learningRate?: number;
  /** How the learning rate goes over the run. */
  readonly schedule?: Schedule;
  /**
   * AdamW's constants; β = (0.9, 0.98), ε = 1e-6 and weight decay 0.1 unless given. Or another optimizer by its
   * `kind`, `sgd`, `rmsprop` or `adagrad`, and its own constants, none of which is weight decay: see `penalty`.
   */
  readonly optimizer?: OptimizerOptions;
  /**
   * Updates that the optimizer has made before the run: the model's `initialize` writes what it has kept of the
   * gradients, where it has. 0 unless given, and of no use beside `state`, whose optimizer begins anew.
   */
  readonly optimizerSteps?: number;
  /** L2 penalty by a parameter's name, which is added to its gradient; none unless given. */
  readonly penalty?: (parameter: string) => number;
  /**
   * What linear layers and convolutions keep for their weights' gradients, all alike or chosen by layer; dense
   * (exact) unless given.
   */
  readonly estimator?: GradientEstimator | LayerEstimators;
  /**
   * How an estimator that ranks rows has them guessed: `example` unless given. What the run has seen
   * is held on the host, for `example` two bytes for each row of the data and layer that ranks.
   */
  readonly priorities?: PriorityPolicy;
  /**
   * What a budget chooses among; unless given every estimator, see `defaultCandidates`, but where a source
   * does not tell whose rows a batch has those that rank them.
   */
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
   * Epochs between evaluations, or `{ steps }` between them; 1 unless given. What the last step leaves is
   * evaluated in any case.
   */
  readonly evaluateEvery?: number | { readonly steps: number };
  /** Which evaluation is the best one: that of the highest leading score unless given. */
  readonly selectBy?: Selection;
  /** Ends the run after so many epochs without a smaller loss in an evaluation; never unless given. */
  readonly patience?: number;
  /**
   * Ends with the weights of the best evaluation in the state, in place of the last step's. Until then
   * the run holds them on the host, as many bytes as the parameters. False unless given.
   */
  readonly keepBest?: boolean;
  /**
   * What else the numbers depend on that only the caller knows, by name, such as checksums of the files
   * that the weights come from: a run is resumed only with the same.
   */
  readonly inputs?: Configuration;
  readonly checkpoint?: CheckpointOptions;
  /** Continues the run whose checkpoints the store has; false unless given. */
  readonly resume?: boolean;
  /**
   * Asked after each step and each epoch, once what `onStep` and `onEpoch` returned is waited for: where it is
   * true the run ends there, saved, and evaluated as after its last step. A run that is resumed goes on from there.
   */
  readonly stopWhen?: () => boolean;
  /** Once aborted, the run finishes its step, writes a checkpoint, and throws InterruptedError. */
  readonly signal?: AbortSignal;
  /** Told how far the search has come for what keeps to a budget, which takes as long as a few steps. */
  readonly onSearch?: (event: SearchEvent) => void;
  /** Told what a budget has chosen, before the first step. */
  readonly onChoice?: (choice: EstimatorChoice) => void | Promise<void>;
  /** What it returns is waited for, as is what `onEpoch` returns. */
  readonly onStep?: (event: StepEvent) => unknown;
  readonly onEpoch?: (event: EpochEvent) => unknown;
  readonly onEvaluation?: (record: EvaluationRecord) => void;
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

/** Every one of them. */
export const RUN_OPTIONS: OptionNames<RunOptions> = {
  ...{ backend: true, epochs: true, learningRate: true, schedule: true, optimizer: true },
  ...{
    optimizerSteps: true,
    penalty: true,
    estimator: true,
    everyLayer: true,
    priorities: true,
    candidates: true,
  },
  ...{ probe: true, keep: true, recompute: true, seed: true, clipNorm: true },
  ...{ evaluateEvery: true, selectBy: true, patience: true, keepBest: true, inputs: true },
  ...{ checkpoint: true, resume: true, signal: true, stopWhen: true, state: true },
  ...{ onSearch: true, onChoice: true, onStep: true, onEpoch: true, onEvaluation: true },
  ...{ onWarning: true, memoryBudget: true, budgetOf: true, noiseBudget: true },
};
