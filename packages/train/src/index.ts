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
export { dataOrder } from './order/data-order.js';
export { constantSchedule } from './schedules/constant.js';
export { linearSchedule } from './schedules/linear.js';
export { type PolynomialOptions, polynomialSchedule } from './schedules/polynomial.js';
export type { Schedule, WarmupOptions } from './schedules/schedule.js';
