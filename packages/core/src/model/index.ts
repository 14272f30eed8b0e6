export type { CsrGraph, NodeBatch, NodeData, NodeShape } from './graphs.js';
export type { BuildOptions, Model, ModelParameter } from './model.js';
export { type SentenceBatch, type SentenceShape, sentenceShape } from './sentences.js';
