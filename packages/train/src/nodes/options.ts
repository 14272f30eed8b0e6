import {
  type Backend,
  checkBackend,
  checkCount,
  checkEstimators,
  checkFlag,
  checkKeepChoice,
  checkMembers,
  checkOneOf,
  checkOptions,
  checkPositive,
  checkWord,
  type GradientEstimator,
  type KeepChoice,
  type LayerEstimators,
  type ObjectKind,
  type OptionNames,
  RECOMPUTE_MODES,
  type RecomputeMode,
  UsageError,
} from '@sketchgrad/core';
import type { Configuration, EvaluationRecord } from '../checkpoints/progress.js';
import { checkCallbacks, checkCheckpoint, checkInputs, checkSignal } from '../checks/kinds.js';
import { checkNodeData } from '../checks/node-data.js';
import type { EveryLayerOption } from '../free-inputs/exact-where-free.js';
import { type AdamWOptions, adamwOptions } from '../optimizer/adamw.js';
import { PRIORITY_POLICIES, type PriorityPolicy } from '../priorities/policy.js';
import type { NodeData } from './model.js';

/** Part of a graph that a step is of. */
export interface NodePart {
  /** Its nodes' numbers in the whole. */
  readonly nodes: Int32Array;
  readonly dataset: NodeData;
}

/** Parts of a graph, a step each. */
export interface NodeBatches {
  /** Tells one way to cut the graph from another. */
  readonly name: string;
  /** The batches of an epoch, the same for the same key, (seed, epoch). */
  of(key: readonly [number, number]): Iterable<NodePart>;
}

/** An epoch that is over. */
export interface NodeEpochEvent {
  /** Counted from 0. */
  readonly epoch: number;
  /** The mean over the nodes that were learned from. */
  readonly loss: number;
  /** `valid`, `test` and `validLoss`, where the epoch was evaluated. */
  readonly metrics: EvaluationRecord['metrics'] | undefined;
  readonly secondsPerEpoch: number;
  /** The plan's largest peak so far, of a step or of an evaluation, in bytes. */
  readonly plannedPeakBytes: number;
}

/** What decides which epoch's weights are judged. */
export const SELECTIONS = ['score', 'loss'] as const;
export type Selection = (typeof SELECTIONS)[number];

export interface NodeTrainingOptions extends EveryLayerOption {
  readonly backend: Backend;
  readonly data: NodeData;
  /** Parts of the graph to step through in an epoch; all of it at once unless given. */
  readonly batches?: NodeBatches;
  readonly epochs?: number;
  /** 0.01 unless given; constant. */
  readonly learningRate?: number;
  /** Adam's constants; β = (0.9, 0.999), ε = 1e-8 and no decoupled weight decay unless given. */
  readonly optimizer?: Partial<AdamWOptions>;
  /** L2 penalty by a parameter's name, which is added to its gradient; none unless given. */
  readonly penalty?: (parameter: string) => number;
  readonly estimator?: GradientEstimator | LayerEstimators;
  readonly priorities?: PriorityPolicy;
  readonly recompute?: RecomputeMode;
  /** What batch norms keep in few bits; nothing unless given. */
  readonly keep?: Pick<KeepChoice, 'norm'>;
  readonly seed?: number;
  /** Epochs between evaluations; 1 unless given. The last one is evaluated in any case. */
  readonly evaluateEvery?: number;
  /** Ends the run after so many epochs without a smaller loss on `valid`; never unless given. */
  readonly patience?: number;
  /** Chooses the epoch by the score or the loss on `valid`; the score unless given. */
  readonly selectBy?: Selection;
  /**
   * What else the numbers depend on that only the caller knows, by name, such as checksums of the files
   * that the weights come from: a run is resumed only with the same.
   */
  readonly inputs?: Configuration;
  readonly checkpoint?: { readonly directory: string; readonly everyEpochs?: number };
  /** Continues the run of which `checkpoint.directory` has checkpoints. */
  readonly resume?: boolean;
  /** Once aborted, the run finishes its epoch, writes a checkpoint, and throws InterruptedError. */
  readonly signal?: AbortSignal;
  readonly onEpoch?: (event: NodeEpochEvent) => void;
  /**
   * Told, in a sentence, of a damaged checkpoint passed over or one of another version, or that a step
   * keeps more than with exact gradients; a Node warning unless given.
   */
  readonly onWarning?: (message: string) => void;
}

/** The options with the defaults filled in. */
export interface NodeSettings extends NodeTrainingOptions {
  readonly epochs: number;
  readonly learningRate: number;
  readonly optimizer: AdamWOptions;
  readonly priorities: PriorityPolicy;
  readonly recompute: RecomputeMode;
  readonly seed: number;
  readonly evaluateEvery: number;
  readonly selectBy: Selection;
}

const ADAM = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0 };

/** Every option of `trainNodes`. */
const OPTIONS: OptionNames<NodeTrainingOptions> = {
  ...{ backend: true, data: true, batches: true, epochs: true, learningRate: true },
  ...{ optimizer: true, penalty: true, estimator: true, everyLayer: true, priorities: true },
  ...{ recompute: true, keep: true, seed: true, evaluateEvery: true, patience: true },
  ...{ selectBy: true, inputs: true, checkpoint: true, resume: true, signal: true },
  ...{ onEpoch: true, onWarning: true },
};

const BATCHES: ObjectKind = {
  accepted: "batches of a graph, { name: 'halves', of: (key) => … }",
  members: { name: 'string', of: 'function' },
};

/** @throws UsageError for what is not of the kind that its name promises */
function checkKinds(options: NodeTrainingOptions): void {
  checkOptions('trainNodes', options, OPTIONS);
  checkBackend('backend', options.backend);
  checkNodeData(options.data);
  checkSignal(options.signal);
  checkInputs(options.inputs);
  const { batches, estimator, checkpoint, penalty, onEpoch, onWarning } = options;
  if (batches !== undefined) checkMembers('batches', batches, BATCHES);
  if (estimator !== undefined) checkEstimators('estimator', estimator);
  if (checkpoint !== undefined) checkCheckpoint(checkpoint, { directory: true, everyEpochs: true });
  for (const name of ['resume', 'everyLayer'] as const) checkFlag(name, options[name]);
  checkCallbacks({ penalty, onEpoch, onWarning });
}

/** @throws UsageError for an option that no run can have */
export function nodeSettings(options: NodeTrainingOptions): NodeSettings {
  checkKinds(options);
  const { epochs = 200, learningRate = 0.01, seed = 0, evaluateEvery = 1 } = options;
  const { priorities = 'example', recompute = 'cheap', selectBy = 'score', patience } = options;
  checkCount('epochs', epochs);
  checkCount('evaluateEvery', evaluateEvery);
  if (patience !== undefined) checkCount('patience', patience);
  if (options.checkpoint?.everyEpochs !== undefined)
    checkCount('everyEpochs', options.checkpoint.everyEpochs);
  checkPositive('learningRate', learningRate);
  checkWord('seed', seed);
  if (options.keep !== undefined)
    checkKeepChoice(options.keep as Readonly<Record<string, number | undefined>>, ['norm']);
  checkOneOf('recompute', recompute, RECOMPUTE_MODES);
  checkOneOf('priorities', priorities, PRIORITY_POLICIES);
  checkOneOf('selectBy', selectBy, SELECTIONS);
  if (options.resume && !options.checkpoint)
    throw new UsageError('resume needs checkpoint: the directory of the run to continue');
  adamwOptions(options.optimizer);
  const optimizer = adamwOptions({ ...ADAM, ...options.optimizer });
  return {
    ...options,
    ...{ epochs, learningRate, optimizer, priorities, recompute, seed, evaluateEvery, selectBy },
  };
}
