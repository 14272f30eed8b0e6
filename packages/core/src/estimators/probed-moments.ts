import { isList } from '../checks/check-amounts.js';
import { checkEstimator } from '../checks/check-estimator.js';
import { checkCount, checkSize, checkText } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { describeValue } from '../checks/describe-value.js';
import { UsageError } from '../errors.js';
import type { TensorData } from '../execution/contract.js';
import { checkedMoments, checkedTerms } from '../variance/checked-moments.js';
import type { HasVariance, Moments } from '../variance/moments.js';
import type { GradientEstimator } from './estimator.js';
import { checkEach, probeOutputs } from './probed.js';

/** What a run returned, by name. */
type Outputs = Readonly<Record<string, TensorData>>;

/** A layer that was probed, as far as reading its moments needs to know it. */
export interface ProbedLayer {
  readonly layer: string;
  /** Features of its X. */
  readonly inputs: number;
  /** What `probed` was told. */
  readonly estimators: readonly GradientEstimator[];
}

/**
 * The moments of a probed layer (core's `probed`) from what a run returned; their sums are formed in
 * f64.
 *
 * @throws UsageError where the layer was not probed, or squares overflowed or underflowed f32
 */
export function probedMoments(outputs: Outputs, probed: ProbedLayer): Moments {
  checkOutputs(outputs);
  checkOptions('probedMoments', probed, {
    layer: checkText,
    inputs: checkCount,
    estimators: checkEach,
  });
  const { layer, inputs, estimators } = probed;
  const all: readonly HasVariance[] = estimators;
  const names = probeOutputs(layer);
  const xNorms = norms(outputs, names.xNorms, layer, 'x');
  const yNorms = norms(outputs, names.yNorms, layer, 'y');
  const normProduct = total(xNorms) * total(yNorms);
  const gradientNorm = found(outputs, names.gradientNorm, layer)[0]!;
  // T ≤ A by Cauchy–Schwarz, up to rounding.
  if (gradientNorm > 1.01 * normProduct && Number.isFinite(gradientNorm))
    throw new UsageError(
      `the squares of X or Y of '${layer}' underflow f32: ‖XᵀY‖² is ${gradientNorm}, but ‖X‖² ‖Y‖² ` +
        `only ${normProduct}; scale the loss up`,
    );
  const rowProducts = xNorms.reduce((sum, norm, row) => sum + norm * yNorms[row]!, 0);
  return checkedMoments({
    rows: xNorms.length,
    ...examplesOf(outputs, layer, rowProducts),
    inputs,
    normProduct,
    gradientNorm,
    rowProducts,
    xNorms,
    yNorms,
    terms: (estimator) => {
      checkEstimator('estimator', estimator);
      const at = all.indexOf(estimator);
      if (at < 0)
        throw new UsageError(
          `'${layer}' was not probed for '${estimator.name}': pass it in estimators`,
        );
      const prefix = names.term(at);
      const terms = Object.entries(outputs).filter(([name]) => name.startsWith(prefix));
      return checkedTerms(
        Object.fromEntries(terms.map(([name, values]) => [name.slice(prefix.length), values])),
      );
    },
  });
}

/** What is known of whose the rows are; an example's own gradient may be that of its one row. */
function examplesOf(
  outputs: Outputs,
  layer: string,
  rowProducts: number,
): Pick<Moments, 'examples'> {
  const names = probeOutputs(layer);
  const used = outputs[names.used]?.at(-1);
  if (used !== undefined) return { examples: { count: used, rows: used, products: rowProducts } };
  const products = outputs[names.exampleNorms];
  const starts = outputs[names.starts];
  if (!products || !starts) return {};
  return {
    examples: {
      count: products.length,
      rows: starts.at(-1)!,
      // Products of sums over rows, which may be below 0 by rounding.
      products: Math.max(0, total(Float64Array.from(products))),
    },
  };
}

/**
 * ‖Ĝ − G‖²_F of each estimate that a probed layer made, in their order.
 * @param estimator which of those that `probed` was told; the first unless given
 * @throws UsageError where one overflowed f32
 */
export function probedErrors(outputs: Outputs, layer: string, estimator = 0): number[] {
  checkOutputs(outputs);
  checkSize("the estimator's number", estimator);
  const names = probeOutputs(layer);
  const errors: number[] = [];
  for (let index = 0; outputs[names.error(estimator, index)]; index++) {
    const error = outputs[names.error(estimator, index)]![0]!;
    if (!Number.isFinite(error))
      throw new UsageError(`‖Ĝ − G‖² of '${layer}' is ${error}: it overflows f32`);
    errors.push(error);
  }
  return errors;
}

/** @throws UsageError for what no run returned */
function checkOutputs(outputs: Outputs): void {
  if (typeof outputs !== 'object' || outputs === null || isList(outputs))
    throw new UsageError(
      `outputs must be what a run returned, by name, but they are ${describeValue(outputs)}`,
    );
}

function found(outputs: Outputs, name: string, layer: string): TensorData {
  const data = outputs[name];
  if (!data) throw new UsageError(`the layer '${layer}' was not probed: there is no '${name}'`);
  return data;
}

/** Squared norms in f64. */
function norms(outputs: Outputs, name: string, layer: string, of: 'x' | 'y'): Float64Array {
  const values = Float64Array.from(found(outputs, name, layer));
  const row = values.findIndex((value) => !Number.isFinite(value));
  if (row >= 0)
    throw new UsageError(
      `‖${of}_i‖² of row ${row} of '${layer}' is ${values[row]}: it overflows f32, or ${of} holds what is not a number`,
    );
  return values;
}

const total = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0);
