import type { OpTime } from '@sketchgrad/core';

/**
 * Each op's share of the time that all of them took, largest first; they sum to 1. Empty where no
 * time was measured.
 */
export function timeShares(profile: readonly OpTime[]): Record<string, number> {
  const total = profile.reduce((sum, { seconds }) => sum + seconds, 0);
  if (total === 0) return {};
  const descending = [...profile].sort((a, b) => b.seconds - a.seconds);
  return Object.fromEntries(descending.map(({ op, seconds }) => [op, seconds / total]));
}
