import { checkCount, optional } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
/** The sizes of a linear layer and of its sketch. */
export interface LayerSizes {
  /** B, the rows of X and Y. */
  readonly rows: number;
  /** N_in, features of X. */
  readonly inputs: number;
  /** N_out, features of Y. */
  readonly outputs: number;
  /** B_proj = p, the rows of the sketch; undefined for a dense layer. */
  readonly sketchRows?: number;
}

/** What a linear layer costs, counted by the paper's rules. */
export interface PublishedComplexity {
  /** Multiplications of the forward pass, the sketch of X included. */
  readonly forward: number;
  /** Multiplications of dW in the backward pass, the sketch of Y included. */
  readonly weightGradient: number;
  /** Multiplications of dX in the backward pass, which the paper leaves out. */
  readonly inputGradient: number;
  /** Numbers kept for the backward pass in X's place. */
  readonly kept: number;
}

/**
 * A linear layer's multiplications by the paper's rules: those of the matrix products alone, one for
 * each triple of indices, drawing S and all element-wise work left out. Source: arXiv 2201.13195,
 * appendix C.1 (its O(·) with the factors written out), and beside it dX, which is none of the paper's.
 *
 *     dense     forward  B·N_in·N_out               dW  B·N_in·N_out                  dX  B·N_in·N_out
 *     sketched  forward  B·N_in·N_out + B·p·N_in    dW  B·p·N_out + p·N_in·N_out      dX  B·N_in·N_out
 *
 * The total that C.1 comes to for a sketched layer drops the forward product and dX, which both cost the
 * same with a sketch and without: it is what the sketch costs, not what the layer does.
 *
 * So a dense S saves work only while B·p·(N_in + N_out) + p·N_in·N_out < B·N_in·N_out: at N_in =
 * N_out = N while p < B·N/(2B + N). What a traced step really costs is `graphCost`.
 *
 * @throws UsageError for sizes that are no whole numbers ≥ 1
 */
export function publishedComplexity(sizes: LayerSizes): PublishedComplexity {
  checkOptions('publishedComplexity', sizes, {
    rows: checkCount,
    inputs: checkCount,
    outputs: checkCount,
    sketchRows: optional(checkCount),
  });
  const { rows, inputs, outputs, sketchRows } = sizes;
  const product = rows * inputs * outputs;
  if (sketchRows === undefined)
    return {
      forward: product,
      weightGradient: product,
      inputGradient: product,
      kept: rows * inputs,
    };
  return {
    forward: product + rows * sketchRows * inputs,
    weightGradient: rows * sketchRows * outputs + sketchRows * inputs * outputs,
    inputGradient: product,
    kept: sketchRows * inputs,
  };
}
