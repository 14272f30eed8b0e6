import type { Graph } from '../graph/graph.js';
import type { Node } from '../graph/node.js';
import { isLeaf } from '../graph/trace.js';
import { byteLength } from '../graph/types.js';
import { Value } from '../graph/value.js';

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
  if (mode === 'none') return graph;
  const chosen = chooseRecomputed(graph, mode);
  if (chosen.size === 0) return graph;

  const nodes: Node[] = [];
  const replaced = new Map<Value, Value>();
  let nextId = graph.nodes.reduce((largest, node) => Math.max(largest, node.id), 0) + 1;

  const copy = (node: Node, inputs: readonly Value[], extra: Partial<Node>): Node => {
    const outputs: Value[] = [];
    const made: Node = { ...node, ...extra, inputs, outputs };
    for (const output of node.outputs)
      outputs.push(new Value(made, output.index, output.shape, output.dtype));
    nodes.push(made);
    // Of a recomputed node's outputs, one that is kept all the same is read where it lies.
    node.outputs.forEach((output, index) => {
      if (!extra.recomputes || chosen.has(output)) replaced.set(output, outputs[index]!);
    });
    return made;
  };
  // The first use in the backward pass places the recomputation just before itself.
  const resolve = (value: Value): Value => {
    const known = replaced.get(value);
    if (known) return known;
    if (!chosen.has(value)) return value;
    const inputs = value.node.inputs.map(resolve);
    copy(value.node, inputs, { id: nextId++, stage: 'backward', recomputes: value.node });
    return replaced.get(value)!;
  };
  for (const node of graph.nodes) {
    if (node.stage === 'forward') nodes.push(node);
    else if (isLeaf(node)) nodes.push(node);
    else copy(node, node.inputs.map(resolve), {});
  }
  const outputs = Object.fromEntries(
    Object.entries(graph.outputs).map(([name, value]) => [
      name,
      value.node.stage === 'forward' ? value : (replaced.get(value) ?? value),
    ]),
  );
  return { ...graph, nodes, outputs };
}

/** The forward values that the backward pass makes again under `mode`. */
function chooseRecomputed(graph: Graph, mode: RecomputeMode): Set<Value> {
  const inBlock = mode === 'block' ? insideBlocks(graph) : new Set<Value>();
  // What leaves a block is kept even where it is cheap: made again it would take its block with it,
  // and that one the block before.
  const leavesBlock = (value: Value) =>
    mode === 'block' && value.node.block !== undefined && !inBlock.has(value);
  const mayRecompute = (value: Value) =>
    inBlock.has(value) ||
    (value.node.op.cheap === true && !leavesBlock(value)) ||
    (mode === 'projections' && value.node.rebuildable === true && !isLeaf(value.node));
  const isForward = (value: Value) => value.node.stage === 'forward' && !isLeaf(value.node);
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
