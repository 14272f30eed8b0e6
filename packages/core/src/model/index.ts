export type { CsrGraph, NodeBatch, NodeData, NodeShape } from './graphs.js';
export type { BuildOptions, Model, ModelParameter } from './model.js';
export type { SentenceBatch, SentenceShape } from './sentences.js';
