import { PlanError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import type { MemoryPlan } from '../plan/memory-plan.js';
import { planMemory } from '../plan/plan-memory.js';
import { planWithin, type SpillOptions } from '../plan/spill.js';

/**
 * The plan within the room that there is, or, where nothing makes a graph fit, what it would take:
 * compiling it says that it does not fit.
 */
export function planOrSpill(graph: Graph, room: SpillOptions): MemoryPlan {
  try {
    return planWithin(graph, room).plan;
  } catch (error) {
    if (!(error instanceof PlanError)) throw error;
    const { arenaBytes: _, ...options } = room;
    return planMemory(graph, options);
  }
}
