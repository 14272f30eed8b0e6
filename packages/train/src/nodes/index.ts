export { type HeldInputs, heldInputs, writeHeld } from './held-inputs.js';
export type { NodeBatch, NodeBuildOptions, NodeData, NodeModel, NodeShape } from './model.js';
export { nodeScore } from './node-score.js';
export {
  type NodeBatches,
  type NodeEpochEvent,
  type NodeTrainingOptions,
  SELECTIONS,
  type Selection,
} from './options.js';
export { type NodeStepOptions, traceNodeEvaluation, traceNodeStep } from './trace-node-step.js';
export { type NodeTrainingRun, trainNodes } from './train-nodes.js';
