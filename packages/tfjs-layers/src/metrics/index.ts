export { BatchMeans, type Logs, Told } from './batch-means.js';
export { type MetricNames, metricsOf } from './metrics-of.js';
