export { backward } from './autodiff/backward.js';
export { RECOMPUTE_MODES, type RecomputeMode, recompute } from './autodiff/recompute.js';
export {
  type Backend,
  type BackendModule,
  type DeviceState,
  type Executable,
  loadBackend,
  type OpTime,
  type TensorData,
} from './backend.js';
export * from './errors.js';
export { dense } from './estimators/dense.js';
export {
  type GradientEstimator,
  type Kept,
  type KeptInput,
  keepInput,
} from './estimators/estimator.js';
export { keptRows, type RmmOptions, rmm } from './estimators/rmm.js';
export type { Constant, Graph, GraphInput, Persistent, PersistentKind } from './graph/graph.js';
export type { Node, Stage } from './graph/node.js';
export {
  type Attributes,
  defineOp,
  type OpBuilder,
  type OpDefinition,
  operations,
} from './graph/op.js';
export { printGraph } from './graph/print-graph.js';
export {
  checkpoint,
  constant,
  input,
  inStage,
  isLeaf,
  isPersistent,
  parameter,
  persistent,
  rebuildable,
  scope,
  trace,
} from './graph/trace.js';
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
export { accumulate } from './ops/accumulate.js';
export { ADAMW_SETTINGS, adamw } from './ops/adamw.js';
export { add } from './ops/add.js';
export { affine } from './ops/affine.js';
export { affineGradient } from './ops/affine-gradient.js';
export { type AttentionAttributes, attention, attentionSizes } from './ops/attention.js';
export { attentionGradient } from './ops/attention-gradient.js';
export { broadcastTo } from './ops/broadcast-to.js';
export { clear } from './ops/clear.js';
export { clipFactor } from './ops/clip-factor.js';
export { crossEntropy } from './ops/cross-entropy.js';
export { crossEntropyGradient } from './ops/cross-entropy-gradient.js';
export { divide } from './ops/divide.js';
export { dropout } from './ops/dropout.js';
export { exponential } from './ops/exponential.js';
export { gather } from './ops/gather.js';
export { gelu } from './ops/gelu.js';
export { geluGradient } from './ops/gelu-gradient.js';
export { linear } from './ops/linear.js';
export { logarithm } from './ops/logarithm.js';
export { matmul, matmulSizes } from './ops/matmul.js';
export { multiply } from './ops/multiply.js';
export { normalize } from './ops/normalize.js';
export { normalizeGradient } from './ops/normalize-gradient.js';
export { relu } from './ops/relu.js';
export { reluGradient } from './ops/relu-gradient.js';
export { reshape } from './ops/reshape.js';
export { scale } from './ops/scale.js';
export { scatterAdd } from './ops/scatter-add.js';
export { type SketchKind, sketch } from './ops/sketch.js';
export { softmax } from './ops/softmax.js';
export { squareRoot } from './ops/square-root.js';
export { squaredNorm } from './ops/squared-norm.js';
export { subtract } from './ops/subtract.js';
export { sum } from './ops/sum.js';
export { tanh } from './ops/tanh.js';
export { transpose } from './ops/transpose.js';
export {
  ALIGNMENT,
  type Allocation,
  alignUp,
  type Category,
  type KeptTensor,
  type MemoryPlan,
} from './plan/memory-plan.js';
export { type PlanOptions, planMemory, rootOf } from './plan/plan-memory.js';
export { formatBytes, printPlan } from './plan/print-plan.js';
export {
  GAUSSIAN_TABLE_SIZE,
  GAUSSIANS_PER_BLOCK,
  gaussianIndex,
  gaussianKurtosis,
  gaussianTable,
} from './random/gaussian-table.js';
export { type Key, newKey } from './random/key.js';
export { threefry2x32, uniform } from './random/threefry.js';
export { createReferenceBackend, type ReferenceBackend } from './reference/backend.js';
export type { ReferenceExecutable } from './reference/executable.js';
export type { Precision, ReferenceState } from './reference/state.js';
export { gaussian } from './sketches/gaussian.js';
export { rademacher } from './sketches/rademacher.js';
export type { Sketch } from './sketches/sketch.js';
export { independentEntriesVariance } from './variance/independent-entries.js';
export { type Moments, moments } from './variance/moments.js';
