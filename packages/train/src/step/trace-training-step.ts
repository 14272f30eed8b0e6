import {
  accumulate,
  add,
  backward,
  checkCount,
  checkEstimators,
  checkFlag,
  checkFunction,
  checkKeepChoice,
  checkOneOf,
  checkOptions,
  checkPositive,
  clear,
  clipFactor,
  compressKept,
  describeValue,
  type GradientEstimator,
  type Graph,
  input,
  inStage,
  type KeepChoice,
  type LayerEstimators,
  type Model,
  type ModelParameter,
  parameter,
  persistent,
  RECOMPUTE_MODES,
  type RecomputeMode,
  recompute,
  SETTINGS_INPUT,
  scale,
  squaredNorm,
  trace,
  UsageError,
  type Value,
  withData,
} from '@sketchgrad/core';
import { checkModel, checkShape } from '../checks/kinds.js';
import { type EveryLayerOption, exactWhereFree } from '../free-inputs/exact-where-free.js';
import {
  momentsOf,
  type Optimizer,
  type OptimizerOptions,
  optimizerOptions,
  updateParameter,
} from '../optimizer/optimizer.js';
import { momentOf, stateNames } from '../optimizer/rule.js';

/**
 * What a step does with its gradients: `none` updates the parameters with them; `add` adds them to
 * the accumulators and updates nothing; `apply` adds them, updates with the sums, and sets the
 * accumulators to zero.
 */
export type Accumulation = (typeof ACCUMULATIONS)[number];
const ACCUMULATIONS = ['none', 'add', 'apply'] as const;

export interface TrainingStepOptions<Sizes> extends EveryLayerOption {
  readonly shape: Sizes;
  /** Inputs that are tensors of the state, see `heldNames`; none unless given. */
  readonly held?: Readonly<Record<string, string>>;
  /** For the model's linear layers, one for all or chosen by layer; dense unless given. */
  readonly estimator?: GradientEstimator | LayerEstimators;
  /** What the backward pass computes again instead of keeping it; `cheap` unless given. */
  readonly recompute?: RecomputeMode;
  /** What the layers between the linear ones keep in few bits; nothing unless given. */
  readonly keep?: KeepChoice;
  /**
   * The largest global norm of the gradients; none unless given.
   *
   * The norm is known only after the whole backward pass. Without accumulation every gradient is
   * held until then: as many bytes of workspace as the parameters have, at a time when no
   * activation is kept any more. With accumulation the gradients are held anyway.
   */
  readonly clipNorm?: number;
  /**
   * What of a parameter, by its name, is added to its gradient: the L2 penalty as Adam has it, of
   * which AdamW's weight decay is another form. 0 unless given; not with accumulation.
   */
  readonly penalty?: (parameter: string) => number;
  /** AdamW unless another one is named, whose constants are the graph's; AdamW's are in `settings`. */
  readonly optimizer?: OptimizerOptions;
  /** `none` unless given. */
  readonly accumulation?: Accumulation;
  /** How many the batch's loss is a mean over; needed where gradients are added up. */
  readonly examples?: number;
}

/**
 * A training step as a graph: forward, backward, update. Inputs: the model's but those that are held, `key` i32 [2], and
 * `settings` f32 [8] unless the gradients are only added up; `rowPriorities.LAYER`, f32 [rows], for
 * each layer whose estimator ranks rows. Outputs: `loss`, the batch's mean, f32 []; `rowNorms.LAYER`,
 * f32 [rows], for those layers.
 *
 * A parameter is updated (or its gradient added up) as soon as its gradient is complete, so that
 * gradients do not pile up.
 *
 * Accumulators hold sums over examples, not means, so that batches of different sizes weigh what
 * they should: `gradientScale` in `settings` is then 1 / (examples added up), and 1 without
 * accumulation.
 *
 * @throws UsageError for a clipping norm that is not above 0, or bits that cannot be kept, or not with
 * this recomputation; ShapeError where the model's graph does not fit together
 */
export function traceTrainingStep<Sizes extends object>(
  model: Model<Sizes>,
  options: TrainingStepOptions<Sizes>,
): Graph {
  checkModel(model);
  checkOptions('traceTrainingStep', options, {
    ...{ shape: true, held: true, estimator: true, everyLayer: true, recompute: true, keep: true },
    ...{ clipNorm: true, penalty: true, optimizer: true, accumulation: true, examples: true },
  });
  const { shape, held = {}, keep = {}, recompute: mode = 'cheap' } = options;
  checkStepOptions(options);
  const optimizer = optimizerOptions(options.optimizer);
  const estimator = exactWhereFree(options.estimator, traceTrainingStep, model, options);
  const graph = trace(() => {
    const { loss } = withData(held, () =>
      model.build({ shape, training: true, keep, ...(estimator ? { estimator } : {}) }),
    );
    const { accumulation = 'none' } = options;
    const values = model.parameters.map(({ name, shape }) => parameter(name, shape));
    const byValue = new Map(values.map((value, i) => [value, model.parameters[i]!]));
    const total = accumulation === 'none' ? loss : scale(loss, options.examples!);
    const use = gradientUse(options, optimizer);
    backward(total, values, (value, gradient) => {
      const of = byValue.get(value)!;
      const share = penaltyOf(options, of.name);
      use.ready(of, value, share === 0 ? gradient : add(gradient, scale(value, share)));
    });
    inStage('update', use.finish);
    // Allocated in every step of a run, whichever of them this one touches: the plan counts them all.
    for (const [value, { name }] of byValue) {
      for (const moment of momentsOf(optimizer)) momentOf(name, value, moment);
      if (accumulation !== 'none') accumulator(name, value);
    }
    return { loss };
  });
  return compressKept(recompute(graph, mode), keep);
}

/** @throws UsageError for an option that no step can have */
function checkStepOptions<Sizes extends object>(options: TrainingStepOptions<Sizes>): void {
  const { keep = {}, accumulation = 'none', recompute: mode = 'cheap', clipNorm } = options;
  checkShape(options.shape);
  checkFlag('everyLayer', options.everyLayer);
  checkOneOf('recompute', mode, RECOMPUTE_MODES);
  checkFunction('penalty', options.penalty);
  if (clipNorm !== undefined) checkPositive('clipNorm', clipNorm);
  if (options.estimator !== undefined) checkEstimators('estimator', options.estimator);
  checkKeepChoice(keep as Readonly<Record<string, number | undefined>>);
  checkOneOf('accumulation', accumulation, ACCUMULATIONS);
  if (accumulation !== 'none') checkCount('examples', options.examples!);
  if (accumulation !== 'none' && options.penalty)
    throw new UsageError(
      'a penalty is added to each gradient, of which an update that adds several up has many: leave out penalty or accumulation',
    );
  if (mode === 'projections' && keep.norm === 4)
    // Attention's probabilities are exponentials of products of what is made again; 4 bits of error
    // in both factors were measured to make gradients 13 times too long.
    throw new UsageError(
      "recompute 'projections' makes queries and keys again from norms' outputs, for which norm=4 is too coarse: use norm=8, or recompute 'cheap'",
    );
}

/** @throws UsageError for a share that is none */
function penaltyOf(
  { penalty }: Pick<TrainingStepOptions<object>, 'penalty'>,
  name: string,
): number {
  const share = penalty ? penalty(name) : 0;
  if (typeof share === 'number' && share >= 0 && Number.isFinite(share)) return share;
  throw new UsageError(
    `penalty must give a number from 0 up, but for '${name}' it gives ${describeValue(share)}`,
  );
}

/** What is traced for each gradient when it is complete, and what after the last of them. */
interface GradientUse {
  ready(of: ModelParameter, value: Value, gradient: Value): void;
  finish(): void;
}

const accumulator = (name: string, value: Value): Value =>
  persistent(stateNames(name).gradient, value.shape, 'accumulator');

function gradientUse(
  {
    accumulation = 'none',
    clipNorm,
  }: Pick<TrainingStepOptions<object>, 'accumulation' | 'clipNorm'>,
  optimizer: Optimizer,
): GradientUse {
  const gathered = (name: string, value: Value, gradient: Value) =>
    accumulation === 'none' ? gradient : accumulate(accumulator(name, value), gradient);
  if (accumulation === 'add')
    return {
      ready: ({ name }, value, gradient) => void gathered(name, value, gradient),
      finish: () => {},
    };

  const settings = input(SETTINGS_INPUT, [8]);
  const update = (of: ModelParameter, value: Value, gradient: Value, factor?: Value) => {
    const isSum = accumulation === 'apply';
    updateParameter(optimizer, of, value, gradient, { settings, factor, isSum });
    if (accumulation === 'apply') clear(gradient);
  };
  if (clipNorm === undefined)
    return {
      ready: (of, value, gradient) => update(of, value, gathered(of.name, value, gradient)),
      finish: () => {},
    };

  const held: [of: ModelParameter, value: Value, gradient: Value][] = [];
  let squared: Value | undefined;
  return {
    ready(of, value, gradient) {
      const complete = gathered(of.name, value, gradient);
      const own = squaredNorm(complete);
      squared = squared ? add(squared, own) : own;
      held.push([of, value, complete]);
    },
    finish() {
      if (!squared) return;
      const factor = clipFactor(squared, settings, clipNorm);
      for (const [of, value, gradient] of held) update(of, value, gradient, factor);
    },
  };
}
