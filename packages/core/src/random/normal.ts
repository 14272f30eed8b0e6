/** The density of a standard normal at x. */
export const normalDensity = (x: number): number => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);

/**
 * P(Z ≤ x) for a standard normal Z, to within 2e-16: by its series about 0, all of whose terms have
 * one sign, or by its continued fraction in the tails (Abramowitz and Stegun, 26.2.11 and 26.2.14).
 */
export const normalDistribution = (x: number): number => (x > 0 ? 1 - lowerTail(-x) : lowerTail(x));

function lowerTail(x: number): number {
  const density = normalDensity(x);
  if (x < -3) {
    let fraction = 0;
    for (let k = 60; k >= 1; k--) fraction = k / (-x + fraction);
    return density / (-x + fraction);
  }
  let term = x;
  let sum = x;
  for (let k = 1; Math.abs(term) > 1e-18; k++) {
    term *= (x * x) / (2 * k + 1);
    sum += term;
  }
  return 0.5 + density * sum;
}
