import {
  checkMembers,
  describeValue,
  type ObjectKind,
  type OpTime,
  UsageError,
} from '@sketchgrad/core';

const TIME: ObjectKind = {
  accepted: "an op's time, such as executable.profile() gives",
  members: { op: 'string', seconds: 'number' },
};

/**
 * Each op's share of the time that all of them took, largest first; they sum to 1. Empty where no
 * time was measured.
 *
 * @throws UsageError for what is no profile
 */
export function timeShares(profile: readonly OpTime[]): Record<string, number> {
  if (!Array.isArray(profile as unknown))
    throw new UsageError(`profile must be an array of times, but it is ${describeValue(profile)}`);
  for (const [at, each] of profile.entries()) checkMembers(`profile[${at}]`, each, TIME);
  const total = profile.reduce((sum, { seconds }) => sum + seconds, 0);
  if (total === 0) return {};
  const descending = [...profile].sort((a, b) => b.seconds - a.seconds);
  return Object.fromEntries(descending.map(({ op, seconds }) => [op, seconds / total]));
}
