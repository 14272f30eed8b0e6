export type {
  Configuration,
  EvaluationRecord,
  Json,
  TrainingProgress,
} from './checkpoints/progress.js';
export { accuracy } from './metrics/accuracy.js';
export { pearson, spearman } from './metrics/correlation.js';
export { evaluateMetrics, type MetricName, metrics } from './metrics/evaluate.js';
export { f1 } from './metrics/f1.js';
export { matthews } from './metrics/matthews.js';
export type { Metric } from './metrics/pairs.js';
export type {
  BuildOptions,
  ModelBatch,
  ModelParameter,
  StepShape,
  TrainableModel,
  TrainingData,
} from './model.js';
export {
  ADAMW_DEFAULTS,
  type AdamWOptions,
  adamwOptions,
  adamwSettings,
  stateNames,
} from './optimizer/adamw.js';
export { dataOrder } from './order/data-order.js';
export { constantSchedule } from './schedules/constant.js';
export { linearSchedule } from './schedules/linear.js';
export { type PolynomialOptions, polynomialSchedule } from './schedules/polynomial.js';
export type { Schedule, WarmupOptions } from './schedules/schedule.js';
export { traceEvaluation } from './step/trace-evaluation.js';
export {
  type Accumulation,
  type TrainingStepOptions,
  traceTrainingStep,
} from './step/trace-training-step.js';
