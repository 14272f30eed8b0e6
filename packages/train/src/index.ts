export {
  BUDGETED,
  type Budgeted,
  type BudgetOptions,
} from './budget/budget.js';
export { byteSize } from './budget/byte-size.js';
export { type Candidate, defaultCandidates } from './budget/candidates.js';
export { chosenEstimators, type EstimatorChoice, type LayerChoice } from './budget/choice.js';
export { mixedBits } from './budget/mixed-bits.js';
export { CheckpointError } from './checkpoints/checkpoint-error.js';
export { CheckpointMemory } from './checkpoints/checkpoint-memory.js';
export type {
  Checkpoint,
  CheckpointStore,
  StoredCheckpoint,
  TakenStore,
  TensorEntry,
  TensorSource,
} from './checkpoints/checkpoint-store.js';
export type {
  Configuration,
  EvaluationRecord,
  Json,
  TrainingProgress,
} from './checkpoints/progress.js';
export { InterruptedError, NonFiniteError } from './errors.js';
export type { EveryLayerOption } from './free-inputs/exact-where-free.js';
export { freeLayers } from './free-inputs/free-layers.js';
export { keptBeyondDense } from './free-inputs/kept-beyond-dense.js';
export { accuracy } from './metrics/accuracy.js';
export { pearson, spearman } from './metrics/correlation.js';
export { evaluateMetrics, type MetricName, metrics } from './metrics/evaluate.js';
export { f1 } from './metrics/f1.js';
export { matthews } from './metrics/matthews.js';
export type { Metric } from './metrics/pairs.js';
export * from './nodes/index.js';
export type { AdagradOptions } from './optimizer/adagrad.js';
export {
  ADAMW_DEFAULTS,
  type AdamWOptions,
  adamwOptions,
  adamwSettings,
} from './optimizer/adamw.js';
export { type Optimizer, type OptimizerOptions, optimizerOptions } from './optimizer/optimizer.js';
export type { RmsPropOptions } from './optimizer/rms-prop.js';
export { stateNames } from './optimizer/rule.js';
export type { SgdOptions } from './optimizer/sgd.js';
export { dataOrder } from './order/data-order.js';
export type { BatchRows } from './priorities/batch-rows.js';
export { PRIORITY_POLICIES, type PriorityPolicy } from './priorities/policy.js';
export type { ProbeOptions, ProbeRecord } from './probe/options.js';
export { type TrainedRun, type TrainOptions, train } from './run/train.js';
export { constantSchedule } from './schedules/constant.js';
export { linearSchedule } from './schedules/linear.js';
export { type PolynomialOptions, polynomialSchedule } from './schedules/polynomial.js';
export type { Schedule, WarmupOptions } from './schedules/schedule.js';
export { type EvaluateOptions, type Evaluation, evaluate } from './sentences/evaluate.js';
export { type FineTuneOptions, fineTune, type TrainingRun } from './sentences/fine-tune.js';
export type { TrainableModel, TrainingData } from './sentences/model.js';
export { type BatchSize, RowBuckets, TRAINING_SHAPES } from './sentences/row-buckets.js';
export type { EvaluationOptions } from './sentences/sentence-evaluation.js';
export type { EpochEvent, SearchEvent, StepEvent } from './settings/events.js';
export {
  type CheckpointOptions,
  RUN_OPTIONS,
  type RunOptions,
  SELECTIONS,
  type Selection,
} from './settings/options.js';
export { checksum } from './source/checksum.js';
export type {
  Judge,
  KnownBatch,
  KnownStep,
  ProbeBatches,
  StepBatch,
  StepEvaluation,
  StepSource,
  StepUpdate,
} from './source/step-source.js';
export {
  ExecutableCache,
  type ExecutableCacheOptions,
  type Job,
} from './step/executable-cache.js';
export { expectKeptRows } from './step/expect-kept-rows.js';
export { heldNames, writeHeld } from './step/held-inputs.js';
export { type LayeredModel, layersOf } from './step/layers-of.js';
export { traceEvaluation } from './step/trace-evaluation.js';
export {
  type Accumulation,
  type TrainingStepOptions,
  traceTrainingStep,
} from './step/trace-training-step.js';
