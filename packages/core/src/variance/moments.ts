import type { Value } from '../graph/value.js';
import type { Key } from '../random/key.js';

/** Of which of a layer's rows are whose, what SGD's own variance needs. */
export interface ExampleMoments {
  /** n, how many examples there are. */
  readonly count: number;
  /** Rows that belong to one of them. */
  readonly rows: number;
  /** E = Σ_e ‖Y_eᵀ X_e‖²_F, the squares of their own gradients. */
  readonly products: number;
}

/**
 * What estimators' variances need to know of a layer's input X [rows, inputs] and output cotangent
 * Y [rows, outputs] at one step.
 */
export interface Moments {
  /** The number of rows, nobody's among them: what an estimator has kept. */
  readonly rows: number;
  /** Absent where each row is an example of its own. */
  readonly examples?: ExampleMoments;
  /** Features of X. */
  readonly inputs: number;
  /** A = ‖X‖²_F ‖Y‖²_F. */
  readonly normProduct: number;
  /** T = ‖Xᵀ Y‖²_F. */
  readonly gradientNorm: number;
  /** D = Σ_i ‖x_i‖² ‖y_i‖². */
  readonly rowProducts: number;
  /** ‖x_i‖², [rows]. */
  readonly xNorms: ArrayLike<number>;
  /** ‖y_i‖², [rows]. */
  readonly yNorms: ArrayLike<number>;
  /**
   * What an estimator's `varianceTerms` come to for this X and Y, for the few variances that no sums
   * give.
   * @param priorities [rows]; all rows alike unless given. What a device has measured already was
   * with those that it was handed
   * @throws UsageError where a device did not measure them, or one is not finite
   */
  terms(estimator: HasVariance, priorities?: ArrayLike<number>): VarianceTerms;
}

/** Values of the terms that a variance needs, by name. */
export type VarianceTerms = Readonly<Record<string, ArrayLike<number>>>;

/** What terms of a variance are made from, beside X and Y. */
export interface VarianceTermsOptions {
  /** Independent streams, at least one: an expectation without a closed form is averaged over them. */
  readonly keys: readonly Key[];
  /** What `keep` is given. */
  readonly priorities: Value | undefined;
}

/** What has a variance at given moments: a gradient estimator, as far as that goes. */
export interface HasVariance {
  readonly name: string;
  /**
   * Builds what its variance needs of X and Y beyond sums over their rows, wherever both are at hand:
   * f32 values by name, which `variance` finds by `moments.terms`. Absent where sums are enough. Where Y has a
   * part in one, it is additive: of Y's columns in two parts it comes to the sum of theirs.
   * @param x f32 [rows, inputs]
   * @param y f32 [rows, outputs]
   */
  varianceTerms?(
    x: Value,
    y: Value,
    options: VarianceTermsOptions,
  ): Readonly<Record<string, Value>>;
  /**
   * E‖dŴ − dW‖²_F at these moments: exact, but for an estimator that has a `varianceError`.
   * @param priorities what `keep` was given, [rows]; all rows alike unless given
   * @throws UsageError for what are none
   */
  variance(moments: Moments, priorities?: ArrayLike<number>): number;
  /**
   * The standard error of `variance`, part of which is an average over draws because its expectation
   * has no closed form. Absent where `variance` is exact.
   */
  varianceError?(moments: Moments): number;
}
