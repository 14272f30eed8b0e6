import { checkCount, checkRoom } from '../checks/check-members.js';
import { checkMoments } from '../checks/kinds.js';
import { UsageError } from '../errors.js';
import type { Moments, VarianceTerms } from './moments.js';

/**
 * A quantity that moments or variances are made of, as it is.
 *
 * @param what its formula, for the message
 * @throws UsageError where it has overflowed or was not a number to begin with
 */
export function finite(what: string, value: number): number {
  if (Number.isFinite(value)) return value;
  throw new UsageError(
    `${what} is ${value}: the squares of X or Y overflow, or hold what is not a number; ` +
      'scale X or Y down (a smaller loss scale), or look where they first stop being finite',
  );
}

/**
 * Moments of which every sum is a finite number.
 * @throws UsageError naming the sum that is not
 */
export function checkedMoments<
  M extends Pick<Moments, 'normProduct' | 'gradientNorm' | 'rowProducts'>,
>(moments: M): M {
  checkMoments('moments', moments);
  checkCount('moments: rows', (moments as Partial<Moments>).rows);
  finite('A = ‖X‖² ‖Y‖²', moments.normProduct);
  finite('T = ‖XᵀY‖²', moments.gradientNorm);
  finite('D = Σ ‖x_i‖² ‖y_i‖²', moments.rowProducts);
  const { examples } = moments as Partial<Moments>;
  if (examples !== undefined) finite('E = Σ ‖Y_eᵀX_e‖²', examples.products);
  return moments;
}

/** @throws UsageError unless it is a finite number ≥ 0 */
export function checkVariance(variance: unknown): void {
  checkRoom('D²_RMM', variance);
  finite('D²_RMM', variance as number);
}

/** @throws UsageError naming a term that is not finite */
export function checkedTerms(terms: VarianceTerms): VarianceTerms {
  for (const [name, values] of Object.entries(terms)) {
    const bad = Array.from(values).find((value) => !Number.isFinite(value));
    if (bad !== undefined)
      throw new UsageError(
        `the variance's '${name}' holds ${bad}: squares of X or Y overflow, or hold what is not a number`,
      );
  }
  return terms;
}
