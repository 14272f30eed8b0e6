import { checkedMoments, finite } from './checked-moments.js';
import type { Moments } from './moments.js';

/**
 * Whether Q ≥ 2T: the condition that the paper's theorem 2.3 lacks. With it, and only with it, the
 * exact ratio of a Gaussian sketch is within the published bound:
 *
 *     (p/(B − 1)) · D²_RMM / D²_SGD = (A + T)/(Q − T) ≤ (A + T)/T = (1 + α)/α  ⇔  T ≤ Q − T
 *
 * Half of B Σ ‖x_i‖² ‖y_i‖² at most may be the gradient's own square; the rows' gradients must not
 * all point one way. With the published variance, low by 2T/p, the condition would be Q ≥ 2T/(1 + α):
 * (A − T)/(Q − T) ≤ (A + T)/T ⇔ 2AT ≤ (A + T) Q.
 *
 * @param moments of X [rows, inputs] and Y [rows, outputs]
 * @throws UsageError where moments overflow
 */
export function publishedBoundHolds(moments: Moments): boolean {
  const { rows, rowProducts, gradientNorm } = checkedMoments(moments);
  return finite('Q = B·D', rows * rowProducts) >= 2 * gradientNorm;
}
