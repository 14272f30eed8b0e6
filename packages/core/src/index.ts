export { GELU_BITS, type GeluBits } from './approximation/gelu-derivative.js';
export { backward } from './autodiff/backward.js';
export { compressKept } from './autodiff/compress-kept.js';
export {
  checkKeepChoice,
  KEPT_BITS,
  type KeepChoice,
  type KeptBits,
} from './autodiff/keep-choice.js';
export { RECOMPUTE_MODES, type RecomputeMode, recompute } from './autodiff/recompute.js';
export * from './checks/index.js';
export * from './complexity/index.js';
export * from './contracts/index.js';
export * from './errors.js';
export * from './estimators/index.js';
export * from './execution/index.js';
export type { Constant, Graph, GraphInput, Persistent, PersistentKind } from './graph/graph.js';
export {
  constant,
  input,
  isLeaf,
  isPersistent,
  parameter,
  persistent,
  withData,
} from './graph/leaves.js';
export { mergeEqual } from './graph/merge-equal.js';
export type { Node, Stage } from './graph/node.js';
export {
  type Attributes,
  defineOp,
  type OpBuilder,
  type OpDefinition,
  operations,
  type VectorJacobianProduct,
} from './graph/op.js';
export { printGraph } from './graph/print-graph.js';
export { rootOf } from './graph/root-of.js';
export { checkpoint, inStage, observe, rebuildable, scope, trace } from './graph/trace.js';
export {
  byteLength,
  type DType,
  ELEMENT_BYTES,
  elements,
  formatType,
  type Shape,
  sameShape,
  type TensorType,
} from './graph/types.js';
export { Value } from './graph/value.js';
export { type BackendSource, loadBackend } from './load-backend.js';
export * from './model/index.js';
export * from './ops/index.js';
export { checkMemory } from './plan/check-memory.js';
export {
  ALIGNMENT,
  type Allocation,
  alignUp,
  type Category,
  type KeptTensor,
  type MemoryPlan,
  type Place,
  type PlannedBuffer,
  type Space,
} from './plan/memory-plan.js';
export { planMemory } from './plan/plan-memory.js';
export type { PlanOptions } from './plan/plan-options.js';
export { formatBytes, printPlan } from './plan/print-plan.js';
export { type FittedGraph, planWithin, type SpillOptions, spill } from './plan/spill.js';
export {
  CODE_BITS,
  type CodeBits,
  type CodeLayout,
  type CodeSettings,
  type Segment,
} from './quantization/layout.js';
export { leastVarianceBits, type MixedBits } from './quantization/mixed-bits.js';
export {
  GAUSSIAN_TABLE_SIZE,
  GAUSSIANS_PER_BLOCK,
  gaussianIndex,
  gaussianKurtosis,
  gaussianTable,
} from './random/gaussian-table.js';
export { type Key, newKey } from './random/key.js';
export { randomBlock } from './random/random-block.js';
export { threefry2x32, uniform } from './random/threefry.js';
export * from './sketches/index.js';
export * from './variance/index.js';
export { warn } from './warn.js';
