import { checkEstimator } from '../checks/check-estimator.js';
import { type Check, checkFlag, checkSize, checkText, optional } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { describeValue } from '../checks/describe-value.js';
import { UsageError } from '../errors.js';
import { checkValue } from '../graph/arguments.js';
import { observe } from '../graph/trace.js';
import { ELEMENT_BYTES } from '../graph/types.js';
import type { Value } from '../graph/value.js';
import { rowSquaredNorms } from '../ops/row-squared-norms.js';
import { squaredNorm } from '../ops/squared-norm.js';
import { subtract } from '../ops/subtract.js';
import { type Key, newKey } from '../random/key.js';
import type { GradientEstimator, Kept } from './estimator.js';
import { convolutionView, type LayerView, linearView } from './layer-view.js';
import { withChecks } from './with-checks.js';

/** What {@link probed} is told. */
export interface ProbedOptions {
  /** Under which the graph's outputs are found again. */
  readonly layer: string;
  /** What is looked at: whose variances are wanted. */
  readonly estimators: readonly GradientEstimator[];
  /** Whose estimate the layer is trained with; its exact gradient unless given. */
  readonly trained?: GradientEstimator;
  /** Estimates of each to compare with the exact gradient, by a key of their own; none unless given. */
  readonly measured?: number;
  /** Draws over which a variance's terms are averaged that have no closed form; 4 unless given. */
  readonly draws?: number;
  /** What those draws are made from, i32 [2]; the layer's own key unless given. */
  readonly drawKey?: Value;
  /** Where the rows of each example begin, i32 [examples + 1]; each row is one unless given. */
  readonly starts?: Value;
  /** Of rows that are one each, 0 and how many are somebody's, i32 [2]; all unless given. */
  readonly used?: Value;
  /** Whether X and Y themselves are observed as well, for more draws than a step should make. */
  readonly matrices?: boolean;
}

/** Names of the graph outputs through which a probed layer is seen. */
export const probeOutputs = (layer: string) => {
  checkText('the name of a layer', layer);
  return {
    /** X and Y where they were asked for, f32 [rows, inputs] and [rows, outputs]. */
    x: `probe.x.${layer}`,
    y: `probe.y.${layer}`,
    /** ‖x_i‖², f32 [rows]. */
    xNorms: `probe.xNorms.${layer}`,
    /** ‖y_i‖², f32 [rows]. */
    yNorms: `probe.yNorms.${layer}`,
    /** ‖Y_eᵀX_e‖²_F of each example, f32 [examples], and where their rows begin, i32 [examples + 1]. */
    exampleNorms: `probe.exampleNorms.${layer}`,
    starts: `probe.starts.${layer}`,
    /** 0 and how many rows are somebody's, each an example of its own, i32 [2]. */
    used: `probe.used.${layer}`,
    /** ‖XᵀY‖²_F, f32 []. */
    gradientNorm: `probe.gradientNorm.${layer}`,
    /** A term of an estimator's variance by the name that is appended, f32. */
    term: (estimator: number) => `probe.term.${estimator}.${layer}:`,
    /** ‖Ĝ − G‖²_F of one estimate, f32 []. */
    error: (estimator: number, index: number) => `probe.error.${estimator}.${index}.${layer}`,
  };
};

/** @throws UsageError unless it is an array of gradient estimators */
export const checkEach: Check = (name, estimators) => {
  if (!Array.isArray(estimators))
    throw new UsageError(
      `${name} must be an array of gradient estimators, but it is ${describeValue(estimators)}`,
    );
  for (const [at, estimator] of estimators.entries()) checkEstimator(`${name}[${at}]`, estimator);
};

/**
 * A linear layer or a convolution under observation: keeps X and forms the exact gradient G, as `dense`, and observes
 * on the way what the variances of `estimators` are computed from. That is ‖x_i‖² and ‖y_i‖² of each
 * row and ‖G‖², one pass over X, Y and G, and the terms that some variances need besides. Products of
 * these sums are formed on the host in f64, so that nothing but a square can overflow f32. Read them
 * with `probedMoments` and `probedErrors`.
 *
 * Training goes on as without it, to the bit, but where what is measured draws random numbers in a
 * layer that else draws none: then the streams of those behind it are others. Draws from a `drawKey`
 * leave them as they are.
 */
export const probed = (options: ProbedOptions): GradientEstimator => {
  checkOptions('probed', options, {
    layer: checkText,
    estimators: checkEach,
    trained: optional(checkEstimator),
    measured: optional(checkSize),
    draws: optional(checkSize),
    drawKey: optional(checkValue),
    starts: optional(checkValue),
    used: optional(checkValue),
    matrices: checkFlag,
  });
  const {
    layer,
    estimators,
    trained,
    measured = 0,
    draws = 4,
    drawKey,
    starts,
    used,
    matrices = false,
  } = options;
  const names = probeOutputs(layer);
  const draw = (estimator: GradientEstimator) =>
    estimator.random &&
    (measured > 0 || (drawKey === undefined && estimator.varianceTerms !== undefined));
  const observed = ({ input, priorities }: Kept, view: LayerView, key: Key | undefined): Value => {
    const { gradient } = view;
    if (matrices) observe(names.x, input!);
    if (matrices) observe(names.y, view.y());
    observe(names.xNorms, rowSquaredNorms(input!));
    observe(names.yNorms, view.yNorms());
    observe(names.gradientNorm, squaredNorm(gradient));
    if (starts) observe(names.exampleNorms, view.exampleNorms(starts));
    if (starts) observe(names.starts, starts);
    if (used) observe(names.used, used);
    // The same for all, so that what several of them compute is computed once: see mergeEqual.
    const terms = estimators.some(({ varianceTerms }) => varianceTerms !== undefined);
    const drawn = drawKey ?? key?.value;
    const keys = drawn && terms ? Array.from({ length: draws }, () => newKey(drawn)) : [];
    for (const [at, estimator] of estimators.entries()) {
      if (estimator.varianceTerms) {
        const terms = view.terms((y) => estimator.varianceTerms!(input!, y, { keys, priorities }));
        for (const [name, value] of Object.entries(terms)) observe(names.term(at) + name, value);
      }
      for (let index = 0; index < measured; index++) {
        const fresh = key && newKey(key.value);
        const estimate = view.estimate(estimator, estimator.keep(input!, fresh, priorities), fresh);
        observe(names.error(at, index), squaredNorm(subtract(estimate, gradient)));
      }
    }
    // X is there, so that what the estimator keeps of it can be made as late as this.
    return trained ? view.estimate(trained, trained.keep(input!, key, priorities), key) : gradient;
  };
  return withChecks({
    name: `probed-${estimators.map(({ name }) => name).join('-')}`,
    random: trained?.random === true || estimators.some(draw),
    unbiased: trained?.unbiased ?? true,
    ranksRows: trained?.ranksRows === true || estimators.some(({ ranksRows }) => ranksRows),
    keep: (x, _, priorities) => ({ input: x, ...(priorities ? { priorities } : {}) }),
    weightGradient: (kept, y, key) => observed(kept, linearView(kept.input!, y), key),
    convolutionGradient: (kept, of, key) => observed(kept, convolutionView(kept.input!, of), key),
    variance: (moments, priorities) => trained?.variance(moments, priorities) ?? 0,
    bytes: ([rows, inputs]) => rows * inputs * ELEMENT_BYTES,
  });
};
