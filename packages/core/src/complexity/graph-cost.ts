import { checkGraph } from '../checks/kinds.js';
import type { Graph } from '../graph/graph.js';
import type { Node, Stage } from '../graph/node.js';
import { byteLength } from '../graph/types.js';
import { schedule } from '../plan/schedule.js';

/** What nodes cost together. */
export interface Cost {
  /** Floating-point operations, as each op counts its own; a multiply-add is two. */
  readonly flops: number;
  /** Bytes that they read and write, each node's inputs and outputs once. */
  readonly bytes: number;
}

/** A part of a step: a stage, or what the backward pass makes again. */
export type CostStage = Stage | 'recompute';

/** The cost of a graph, added up three ways. */
export interface GraphCost extends Cost {
  readonly stages: Readonly<Record<CostStage, Cost>>;
  /** By op, the one with most FLOPs first. */
  readonly ops: ReadonlyMap<string, Cost>;
}

/**
 * Exact counts of what a run of the graph computes and moves, from the ops of the nodes that it has
 * to execute. Bytes are what the kernels' inputs and outputs amount to, whatever caches save of it.
 */
export function graphCost(graph: Graph): GraphCost {
  checkGraph('graphCost: graph', graph);
  const stages = { forward: NOTHING, recompute: NOTHING, backward: NOTHING, update: NOTHING };
  const ops = new Map<string, Cost>();
  let all = NOTHING;
  for (const node of schedule(graph)) {
    const cost = nodeCost(node);
    const stage = node.recomputes ? 'recompute' : node.stage;
    stages[stage] = plus(stages[stage], cost);
    ops.set(node.op.name, plus(ops.get(node.op.name) ?? NOTHING, cost));
    all = plus(all, cost);
  }
  return { ...all, stages, ops: new Map([...ops].sort(([, a], [, b]) => b.flops - a.flops)) };
}

/**
 * FLOPs that a step costs more than another one, such as the dense step without recomputation;
 * negative where it costs less.
 */
export const extraFlops = (graph: Graph, baseline: Graph): number =>
  graphCost(graph).flops - graphCost(baseline).flops;

const NOTHING: Cost = { flops: 0, bytes: 0 };

const plus = (a: Cost, b: Cost): Cost => ({ flops: a.flops + b.flops, bytes: a.bytes + b.bytes });

const nodeCost = ({ op, inputs, outputs, attributes }: Node): Cost => ({
  flops: op.flops(inputs, outputs, attributes),
  bytes: [...inputs, ...outputs].reduce((sum, value) => sum + byteLength(value), 0),
});
