import { checkRoom } from '../checks/check-members.js';
import { checkOptions } from '../checks/check-options.js';
import { PlanError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import { liveBytes } from './arena.js';
import { findGaps, type Gap } from './gaps.js';
import type { MemoryPlan } from './memory-plan.js';
import { moveToHost } from './move-to-host.js';
import { planMemory } from './plan-memory.js';
import { PLAN_OPTIONS, type PlanOptions, plannedDevice, where } from './plan-options.js';
import { formatBytes } from './print-plan.js';

/** How much room there is. */
export interface SpillOptions extends PlanOptions {
  /** Bytes that the arena may take. */
  readonly arenaBytes: number;
}

/** A graph that fits, and its plan. */
export interface FittedGraph {
  readonly graph: Graph;
  readonly plan: MemoryPlan;
}

/** Tensors smaller than this share of the largest one at hand are not worth a move. */
const LEAST_SHARE = 1 / 64;

/**
 * Makes a graph's arena fit: what waits longest for its next use is copied to the host store after
 * its last use before the wait, and back right before the next one. Results are the same to the bit.
 *
 * Positions are visited in the order of the schedule; where too much is alive, the tensor that is
 * needed last goes first, which moves the fewest bytes where all have one size (Belady 1966), and in
 * a training step picks what the first layers keep.
 *
 * @returns the graph itself where it fits as it is
 * @throws PlanError when some position needs more than there is, whatever waits elsewhere
 */
export function planWithin(graph: Graph, limits: SpillOptions): FittedGraph {
  checkOptions('planWithin', limits, {
    ...PLAN_OPTIONS,
    arenaBytes: checkRoom,
  });
  const { arenaBytes, ...options } = limits;
  const plan = planMemory(graph, options);
  if (plan.arenaBytes <= arenaBytes) return { graph, plan };
  const gaps = findGaps(graph, plan.schedule, plannedDevice('planWithin', options));
  let target = arenaBytes;
  let tried: { readonly chosen: readonly Gap[]; readonly bytes: number } | undefined;
  for (;;) {
    const chosen = chooseGaps(plan, gaps, target, arenaBytes);
    if (!tried || !sameGaps(chosen, tried.chosen)) {
      const moved = moveToHost(graph, plan.schedule, chosen);
      const fitted = planMemory(moved, options);
      if (fitted.arenaBytes <= arenaBytes) return { graph: moved, plan: fitted };
      tried = { chosen, bytes: fitted.arenaBytes };
    }
    // Holes between tensors made up the difference: leave room for them.
    target -= Math.max(tried.bytes - arenaBytes, arenaBytes / 256);
  }
}

/** The graph of {@link planWithin}. @throws PlanError when it cannot be made to fit */
export const spill = (graph: Graph, options: SpillOptions): Graph =>
  planWithin(graph, options).graph;

const sameGaps = (some: readonly Gap[], others: readonly Gap[]): boolean =>
  some.length === others.length && some.every((gap, at) => gap === others[at]);

const onDevice = (plan: MemoryPlan): Float64Array =>
  liveBytes(
    plan.allocations.filter(({ space }) => space === 'device'),
    // Where nothing runs, what is handed in and read back lies there all the same.
    Math.max(plan.schedule.length, 1),
  );

function chooseGaps(
  plan: MemoryPlan,
  gaps: readonly Gap[],
  target: number,
  limit: number,
): readonly Gap[] {
  const live = onDevice(plan);
  const chosen = new Set<Gap>();
  live.forEach((_, at) => {
    while (live[at]! > target) {
      const gap = furthest(gaps.filter((one) => one.from < at && at < one.to && !chosen.has(one)));
      if (!gap) throw tooLarge(plan, gaps, limit);
      chosen.add(gap);
      for (let i = gap.from + 1; i < gap.to; i++) live[i]! -= gap.bytes;
    }
  });
  return [...chosen];
}

/** Of the tensors that are worth a move, the one that is needed last. */
function furthest(gaps: readonly Gap[]): Gap | undefined {
  const largest = gaps.reduce((most, { bytes }) => Math.max(most, bytes), 0);
  let best: Gap | undefined;
  for (const gap of gaps) {
    if (gap.bytes < largest * LEAST_SHARE) continue;
    if (!best || gap.to > best.to || (gap.to === best.to && gap.bytes > best.bytes)) best = gap;
  }
  return best;
}

/** What stays on the device when everything that can wait does so elsewhere. */
function tooLarge(plan: MemoryPlan, gaps: readonly Gap[], limit: number): PlanError {
  const live = onDevice(plan);
  for (const { bytes, from, to } of gaps) for (let i = from + 1; i < to; i++) live[i]! -= bytes;
  const needed = live.reduce((most, bytes) => Math.max(most, bytes), 0);
  const at = live.indexOf(needed);
  const node = plan.schedule[at];
  const what = node ? `${node.op.name}${where(node)} needs` : 'what is handed in takes';
  return new PlanError(
    `${what} ${formatBytes(needed)} at once, with all else in the host store; the arena may take ${formatBytes(limit)}. A smaller batch or sequence, a lower rate or more recomputation would fit`,
    Math.max(needed, limit + 1),
    limit,
  );
}
