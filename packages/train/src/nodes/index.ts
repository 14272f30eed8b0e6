export type { NodeModel } from './model.js';
export { nodeScore } from './node-score.js';
export { NodeSource } from './node-source.js';
export type { NodeBatches, NodePart, NodeTrainingOptions } from './options.js';
export { type NodeTrainingRun, trainNodes } from './train-nodes.js';
