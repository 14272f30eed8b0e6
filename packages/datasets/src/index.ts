export { type BatchOptions, batches } from './batching/batches.js';
export { sequenceBuckets } from './batching/buckets.js';
export {
  type EncodedExamples,
  type EncodeOptions,
  encodeExamples,
  type TextRow,
} from './batching/encode.js';
export type { RowLabel } from './batching/labels.js';
export {
  type Batch,
  type BatchableExamples,
  type BatchSource,
  type BatchSourceOptions,
  batchSource,
} from './batching/source.js';
export { type TokenizeOptions, tokenize } from './batching/tokenize.js';
export type { DownloadOptions, DownloadProgress } from './download/assemble.js';
export { downloadGlue } from './glue/download.js';
export { hasGlueSplit } from './glue/has-split.js';
export { type GlueExamples, readGlue } from './glue/read.js';
export {
  type GlueColumns,
  type GlueFile,
  type GlueSplit,
  type GlueTask,
  type GlueTaskName,
  glueTask,
  glueTaskNames,
  glueTasks,
} from './glue/tasks.js';
export { breadthFirstOrder } from './graphs/breadth-first-order.js';
export { type ClusterBatch, clusterBatches } from './graphs/cluster-batches.js';
export {
  type CsrGraph,
  type MultiLabelDataset,
  type NodeDataset,
  type NodeFeatures,
  type NodeMetric,
  type NodeSplit,
  nodeDatasetBytes,
  type SingleLabelDataset,
} from './graphs/dataset.js';
export { downloadOgb, ogbNames } from './graphs/download.js';
export { inducedDataset } from './graphs/induced.js';
export { datasetName } from './graphs/locate-graph.js';
export { edgeCut, type GraphPartition, partitionGraph } from './graphs/partition.js';
export { type NodeDatasetOptions, readNodeDataset } from './graphs/read-ogb.js';
export { reorderedDataset } from './graphs/reordered.js';
export { undirectedGraph } from './graphs/undirected.js';
export type { Example, Examples, MetricName, Task } from './task.js';
export { type LoadTokenizerOptions, loadTokenizer } from './tokenizer/load.js';
export type { Encoding, Tokenizer } from './tokenizer/tokenizer.js';
export {
  readWordNetGraph,
  type WordNetGraphOptions,
  wordNetNodeClasses,
} from './wordnet/graph.js';
export {
  readWordNet,
  type WordNetExamples,
  type WordNetOptions,
  type WordNetSplit,
  wordNetTask,
} from './wordnet/read.js';
