export { type BatchOptions, batches } from './batching/batches.js';
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
export type { Content } from './contents.js';
export { type GlueExamples, type ParseGlueOptions, parseGlue } from './glue/parse.js';
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
  type MultiLabelDataset,
  type NodeDataset,
  type NodeFeatures,
  type NodeMetric,
  type NodeSplit,
  nodeDatasetBytes,
  type SingleLabelDataset,
} from './graphs/dataset.js';
export { inducedDataset } from './graphs/induced.js';
export { parseNpy } from './graphs/npy.js';
export { edgeCut, type GraphPartition, partitionGraph } from './graphs/partition.js';
export { reorderedDataset } from './graphs/reordered.js';
export { undirectedGraph } from './graphs/undirected.js';
export type { Example, Examples, MetricName, Task } from './task.js';
export {
  type ParseTokenizerOptions,
  parseTokenizer,
  type TokenizerContents,
  type TokenizerOptions,
} from './tokenizer/parse.js';
export type { Encoding, Tokenizer } from './tokenizer/tokenizer.js';
export {
  parseWordNet,
  type WordNetExamples,
  type WordNetGlosses,
  type WordNetSplit,
  wordNetTask,
} from './wordnet/glosses.js';
export { parseWordNetGraph, type WordNetFeatures, wordNetNodeClasses } from './wordnet/graph.js';
export type { WordNetFiles } from './wordnet/synset-files.js';
