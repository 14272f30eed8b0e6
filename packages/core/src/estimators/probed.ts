import { observe } from '../graph/trace.js';
import { ELEMENT_BYTES } from '../graph/types.js';
import { matmul } from '../ops/matmul.js';
import { rowSquaredNorms } from '../ops/row-squared-norms.js';
import { squaredNorm } from '../ops/squared-norm.js';
import { subtract } from '../ops/subtract.js';
import { newKey } from '../random/key.js';
import type { GradientEstimator } from './estimator.js';

/** What {@link probed} is told. */
export interface ProbedOptions {
  /** Under which the graph's outputs are found again. */
  readonly layer: string;
  /** What is looked at. */
  readonly estimator: GradientEstimator;
  /** Whose estimate the layer is trained with; its exact gradient unless given. */
  readonly trained?: GradientEstimator;
  /** Estimates to compare with the exact gradient, each by a key of its own; none unless given. */
  readonly measured?: number;
  /** Whether X and Y are read back too, for the variances that need them; false unless given. */
  readonly tensors?: boolean;
}

/** Names of the graph outputs through which a probed layer is seen. */
export const probeOutputs = (layer: string) => ({
  /** ‖x_i‖², f32 [rows]. */
  xNorms: `probe.xNorms.${layer}`,
  /** ‖y_i‖², f32 [rows]. */
  yNorms: `probe.yNorms.${layer}`,
  /** ‖XᵀY‖²_F, f32 []. */
  gradientNorm: `probe.gradientNorm.${layer}`,
  /** X, f32 [rows, inputs], where it is read back. */
  x: `probe.x.${layer}`,
  /** Y, f32 [rows, outputs], where it is read back. */
  y: `probe.y.${layer}`,
  /** ‖Ĝ − G‖²_F of one estimate, f32 []. */
  error: (index: number) => `probe.error.${index}.${layer}`,
});

/**
 * A linear layer under observation: keeps X and forms the exact gradient G, as `dense`, and observes
 * on the way what the variances of `estimator` are computed from. That is ‖x_i‖² and ‖y_i‖² of each
 * row and ‖G‖²: one pass over X, Y and G. Products of these sums are formed on the host in f64, so
 * that nothing but a square can overflow f32. Read them with `probedMoments` and `probedErrors`.
 *
 * Training goes on as without it, to the bit, but where `measured` estimates draw random numbers in
 * a layer that else draws none: then the streams of those behind it are others.
 */
export const probed = (options: ProbedOptions): GradientEstimator => {
  const { layer, estimator, trained, measured = 0, tensors = false } = options;
  const names = probeOutputs(layer);
  return {
    name: `probed-${estimator.name}`,
    random: trained?.random === true || (estimator.random && measured > 0),
    unbiased: trained?.unbiased ?? true,
    ranksRows: trained?.ranksRows === true || estimator.ranksRows,
    keep: (x, _, priorities) => ({ input: x, ...(priorities ? { priorities } : {}) }),
    weightGradient: ({ input, priorities }, y, key) => {
      const gradient = matmul(y, input!, { transposeA: true });
      observe(names.xNorms, rowSquaredNorms(input!));
      observe(names.yNorms, rowSquaredNorms(y));
      observe(names.gradientNorm, squaredNorm(gradient));
      if (tensors) {
        observe(names.x, input!);
        observe(names.y, y);
      }
      for (let index = 0; index < measured; index++) {
        const fresh = key && newKey(key.value);
        const kept = estimator.keep(input!, fresh, priorities);
        const estimate = estimator.weightGradient(kept, y, fresh);
        observe(names.error(index), squaredNorm(subtract(estimate, gradient)));
      }
      // X is there, so that what the estimator keeps of it can be made as late as this.
      return trained
        ? trained.weightGradient(trained.keep(input!, key, priorities), y, key)
        : gradient;
    },
    variance: (moments, priorities) => trained?.variance(moments, priorities) ?? 0,
    bytes: ([rows, inputs]) => rows * inputs * ELEMENT_BYTES,
  };
};
