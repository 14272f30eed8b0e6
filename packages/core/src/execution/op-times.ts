import type { Node } from '../graph/node.js';
import type { OpTime } from './contract.js';

/** Times of a schedule's nodes, added up by op, longest first. @param runs how often each ran */
export function opTimes(
  schedule: readonly Node[],
  seconds: ArrayLike<number>,
  runs: number,
): readonly OpTime[] {
  const times = new Map<string, { calls: number; seconds: number }>();
  schedule.forEach(({ op }, at) => {
    const { calls, seconds: before } = times.get(op.name) ?? { calls: 0, seconds: 0 };
    times.set(op.name, { calls: calls + runs, seconds: before + seconds[at]! });
  });
  return [...times].map(([op, time]) => ({ op, ...time })).sort((a, b) => b.seconds - a.seconds);
}
