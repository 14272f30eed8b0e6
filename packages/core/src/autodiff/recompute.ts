import { checkOneOf } from '../checks/check-members.js';
import { checkGraph } from '../checks/kinds.js';
import type { Graph } from '../graph/graph.js';
import { isLeaf } from '../graph/leaves.js';
import { rewrite } from '../graph/rewrite.js';
import { rootOf, updatedRoots } from '../graph/root-of.js';
import { byteLength } from '../graph/types.js';
import type { Value } from '../graph/value.js';

/**
 * What the backward pass makes again instead of keeping it: nothing; what ops marked cheap make
 * (element-wise work, normalisation's affine part, dropout), where that keeps fewer bytes; on top of
 * that, what was traced within `rebuildable`, such as the projections that attention reads; or
 * everything within each `checkpoint` block.
 */
export const RECOMPUTE_MODES = ['none', 'cheap', 'projections', 'block'] as const;
export type RecomputeMode = (typeof RECOMPUTE_MODES)[number];

/**
 * Rewrites a graph so that backward nodes read recomputed values in place of kept ones. Exact: a
 * recomputed node is the same op on the same inputs, with the same random bits.
 */
export function recompute(graph: Graph, mode: RecomputeMode): Graph {
  checkGraph('recompute: graph', graph);
  checkOneOf('recompute', mode, RECOMPUTE_MODES);
  if (mode === 'none') return graph;
  const chosen = chooseRecomputed(graph, mode);
  if (chosen.size === 0) return graph;

  const rebuilt = new Map<Value, Value>();
  return rewrite(graph, (node, made) => {
    // The first use in the backward pass places the recomputation just before itself.
    const rebuild = (value: Value): Value => {
      if (!chosen.has(value)) return made.current(value);
      const known = rebuilt.get(value);
      if (known) return known;
      const { node } = value;
      const inputs = node.inputs.map(rebuild);
      const copy = made.copy(node, { stage: 'backward', inputs, recomputes: node });
      // Of a recomputed node's outputs, one that is kept all the same is read where it lies.
      for (const output of node.outputs)
        if (chosen.has(output)) rebuilt.set(output, copy.outputs[output.index]!);
      return rebuilt.get(value)!;
    };
    made.read(node, node.inputs.map(node.stage === 'forward' ? made.current : rebuild));
  });
}

/** The forward values that the backward pass makes again under `mode`. */
function chooseRecomputed(graph: Graph, mode: RecomputeMode): Set<Value> {
  const inBlock = mode === 'block' ? insideBlocks(graph) : new Set<Value>();
  // What leaves a block is kept even where it is cheap: made again it would take its block with it,
  // and that one the block before.
  const leavesBlock = (value: Value) =>
    mode === 'block' && value.node.block !== undefined && !inBlock.has(value);
  const isForward = (value: Value) => value.node.stage === 'forward' && !isLeaf(value.node);
  const changed = readsWhatChanges(graph);
  const mayRecompute = (value: Value) =>
    isForward(value) &&
    !changed.has(value) &&
    (inBlock.has(value) ||
      (value.node.op.cheap === true && !leavesBlock(value)) ||
      (mode === 'projections' && value.node.rebuildable === true));
  const needed = new Set<Value>();
  for (const node of graph.nodes)
    if (node.stage !== 'forward')
      for (const value of node.inputs) if (isForward(value)) needed.add(value);

  // What the caller reads back is there to the end anyway.
  const kept = new Set(Object.values(graph.outputs).filter(isForward));
  for (const value of needed) if (!mayRecompute(value)) kept.add(value);
  const chosen = new Set<Value>();
  // Forward order: what an earlier value's recomputation keeps is then free for a later one.
  for (const node of graph.nodes) {
    for (const value of node.outputs) {
      if (!needed.has(value) || !mayRecompute(value) || kept.has(value)) continue;
      const { leaves, inner } = sources(value, (other) => mayRecompute(other) && !kept.has(other));
      const extra = [...leaves].filter((leaf) => isForward(leaf) && !kept.has(leaf));
      const extraBytes = extra.reduce((sum, leaf) => sum + byteLength(leaf), 0);
      if (!inBlock.has(value) && extraBytes >= byteLength(value)) {
        kept.add(value);
        continue;
      }
      for (const leaf of extra) kept.add(leaf);
      for (const other of inner) chosen.add(other);
    }
  }
  for (const value of kept) chosen.delete(value);
  return chosen;
}

/** Where a recomputation of `value` starts from, and all that it makes on the way. */
function sources(value: Value, mayRecompute: (value: Value) => boolean) {
  const leaves = new Set<Value>();
  const inner = new Set<Value>();
  const visit = (at: Value) => {
    if (inner.has(at) || leaves.has(at)) return;
    if (!mayRecompute(at)) {
      leaves.add(at);
      return;
    }
    inner.add(at);
    at.node.inputs.forEach(visit);
  };
  visit(value);
  return { leaves, inner };
}

/** Values made in a checkpoint block and read, in the forward pass, only there. */
function insideBlocks(graph: Graph): Set<Value> {
  const inside = new Set<Value>();
  for (const node of graph.nodes)
    if (node.block !== undefined && !isLeaf(node))
      for (const value of node.outputs) inside.add(value);
  for (const node of graph.nodes) {
    if (node.stage !== 'forward') continue;
    for (const value of node.inputs) if (value.node.block !== node.block) inside.delete(value);
  }
  return inside;
}

/**
 * Forward values that read a persistent tensor which an update changes before their last use in the
 * backward pass: made again after that they would be others.
 */
function readsWhatChanges(graph: Graph): Set<Value> {
  const updates = new Map<Value, number[]>();
  graph.nodes.forEach((node, at) => {
    for (const root of updatedRoots(node)) {
      const known = updates.get(root);
      if (known) known.push(at);
      else updates.set(root, [at]);
    }
  });
  const changed = new Set<Value>();
  // Backward through the graph: a value may be made again whenever one made from it is.
  const lastUse = new Map<Value, number>();
  for (let at = graph.nodes.length - 1; at >= 0; at--) {
    const node = graph.nodes[at]!;
    const forward = node.stage === 'forward';
    const use = forward ? Math.max(-1, ...node.outputs.map((out) => lastUse.get(out) ?? -1)) : at;
    for (const value of node.inputs) lastUse.set(value, Math.max(use, lastUse.get(value) ?? -1));
    const stale = node.inputs.some((value) =>
      updates.get(rootOf(value))?.some((update) => update > at && update < use),
    );
    if (forward && stale) for (const output of node.outputs) changed.add(output);
  }
  return changed;
}
