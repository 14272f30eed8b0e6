import { checkAmount } from '../checks/check-members.js';
import { checkPlan } from '../checks/kinds.js';
import { formatType } from '../graph/types.js';
import type { MemoryPlan } from './memory-plan.js';

/**
 * Bytes for people: `1.50 GiB`, `36.0 MiB`, `512 B`.
 * @throws UsageError for what is no finite number ≥ 0
 */
export function formatBytes(bytes: number): string {
  checkAmount('formatBytes: bytes', bytes);
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];
  let unit = 0;
  let value = bytes;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return unit === 0 ? `${value} B` : `${value.toPrecision(value >= 1000 ? 4 : 3)} ${units[unit]}`;
}

/**
 * A plan as text: the peak, the arena against the least it could be, bytes by category at the
 * largest moment, and each kept tensor with what keeps it, alike ones in one line.
 */
export function printPlan(plan: MemoryPlan): string {
  checkPlan('printPlan: plan', plan);
  const lines = [
    `peak       ${formatBytes(plan.peakBytes)} = persistent ${formatBytes(plan.persistentBytes)} + arena ${formatBytes(plan.arenaBytes)}${plan.hostBytes > 0 ? ` + host store ${formatBytes(plan.hostBytes)}` : ''}`,
    ...(plan.hostBytes > 0
      ? [`host store ${formatBytes(plan.hostBytes)}: what waits longest, moved out and back`]
      : []),
    `arena      ${(plan.arenaBytes / Math.max(plan.largestLiveBytes, 1)).toFixed(3)} × the largest live set, ${formatBytes(plan.largestLiveBytes)}${inBuffers(plan)}`,
  ];
  for (const [name, bytes] of Object.entries(plan.categories))
    if (bytes > 0) lines.push(`  ${name.padEnd(12)} ${formatBytes(bytes)}`);
  lines.push(`kept for the backward pass: ${formatBytes(plan.keptBytes)}`);
  const groups = new Map<string, { count: number; bytes: number }>();
  for (const { op, scope, value, bytes, space } of plan.kept) {
    const name = `${space === 'host' ? 'host store: ' : ''}${scope.replace(/\b\d+\b/g, '*')} ${op} ${formatType(value)}`;
    const group = groups.get(name) ?? { count: 0, bytes: 0 };
    groups.set(name, { count: group.count + 1, bytes: group.bytes + bytes });
  }
  for (const [name, { count, bytes }] of [...groups].sort((a, b) => b[1].bytes - a[1].bytes))
    lines.push(`  ${formatBytes(bytes).padStart(10)}  ${count} × ${name.trim()}`);
  return lines.join('\n');
}

/** How the arena is cut up, where it is. */
function inBuffers({ buffers }: MemoryPlan): string {
  const sizes = buffers.flatMap(({ space, bytes }) => (space === 'device' ? [bytes] : []));
  if (sizes.length < 2) return '';
  return `, in ${sizes.length} buffers of ${formatBytes(Math.max(...sizes))} at most`;
}
