import {
  add,
  backward,
  checkEstimators,
  checkFlag,
  checkOneOf,
  checkOptions,
  compressKept,
  describeValue,
  type GradientEstimator,
  type Graph,
  input,
  type KeepChoice,
  type LayerEstimators,
  parameter,
  RECOMPUTE_MODES,
  type RecomputeMode,
  recompute,
  scale,
  trace,
  UsageError,
  withData,
} from '@sketchgrad/core';
import { checkNodeModel, checkNodeShape } from '../checks/kinds.js';
import { type EveryLayerOption, exactWhereFree } from '../free-inputs/exact-where-free.js';
import { updateParameter } from '../optimizer/adamw.js';
import type { HeldInputs } from './held-inputs.js';
import type { NodeModel, NodeShape } from './model.js';

export interface NodeStepOptions extends EveryLayerOption {
  readonly shape: NodeShape;
  /** Inputs that are tensors of the state, see `heldInputs`; none unless given. */
  readonly held?: HeldInputs;
  readonly estimator?: GradientEstimator | LayerEstimators;
  /** What the backward pass computes again instead of keeping it; `cheap` unless given. */
  readonly recompute?: RecomputeMode;
  /** What batch norms keep in few bits; nothing unless given. */
  readonly keep?: Pick<KeepChoice, 'norm'>;
  /**
   * What of a parameter, by its name, is added to its gradient: the L2 penalty as Adam has it, of
   * which AdamW's weight decay is another form. 0 unless given.
   */
  readonly penalty?: (parameter: string) => number;
}

/**
 * A training step over a graph: forward, backward, Adam. Inputs: the model's but those that are held, `key` i32 [2] and
 * `settings` f32 [8]; `rowPriorities.LAYER`, f32 [nodes], for each layer whose estimator ranks rows.
 * Outputs: `loss`, the mean of the nodes that it is of, f32 []; `rowNorms.LAYER`, f32 [nodes].
 */
export function traceNodeStep(model: NodeModel, options: NodeStepOptions): Graph {
  checkNodeModel(model);
  checkOptions('traceNodeStep', options, {
    ...{ shape: true, estimator: true, everyLayer: true, recompute: true, keep: true },
    penalty: true,
    held: true,
  });
  const { shape, held = {}, keep = {}, penalty = () => 0, recompute: mode = 'cheap' } = options;
  checkNodeShape(shape);
  checkFlag('everyLayer', options.everyLayer);
  checkOneOf('recompute', mode, RECOMPUTE_MODES);
  const penaltyOf = (name: string) => {
    const share = penalty(name);
    if (typeof share === 'number' && share >= 0 && Number.isFinite(share)) return share;
    throw new UsageError(
      `penalty must give a number from 0 up, but for '${name}' it gives ${describeValue(share)}`,
    );
  };
  if (options.estimator !== undefined) checkEstimators('estimator', options.estimator);
  const estimator = exactWhereFree(options.estimator, traceNodeStep, model, options);
  const graph = trace(() => {
    const { loss } = withData(held, () =>
      model.build({ shape, training: true, ...(estimator ? { estimator } : {}) }),
    );
    const settings = input('settings', [8]);
    const byValue = new Map(
      model.parameters.map((each) => [parameter(each.name, each.shape), each] as const),
    );
    backward(loss, [...byValue.keys()], (value, gradient) => {
      const each = byValue.get(value)!;
      const share = penaltyOf(each.name);
      const whole = share === 0 ? gradient : add(gradient, scale(value, share));
      updateParameter(each, value, whole, settings);
    });
    return { loss };
  });
  return compressKept(recompute(graph, mode), keep);
}

/**
 * The pass without dropout. Inputs: the model's but those that are held. Outputs: `predictions`, the logits, f32 [nodes,
 * classes], and `loss`, the mean of the nodes that it is of, f32 [].
 */
export function traceNodeEvaluation(
  model: NodeModel,
  shape: NodeShape,
  held: HeldInputs = {},
): Graph {
  checkNodeModel(model);
  checkNodeShape(shape);
  return trace(() => {
    const { loss, predictions } = withData(held, () => model.build({ shape, training: false }));
    return { loss, predictions };
  });
}
