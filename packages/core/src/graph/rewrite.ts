import type { Graph } from './graph.js';
import { makeNode, type Node } from './node.js';
import type { TensorType } from './types.js';
import type { Value } from './value.js';

/** A graph that is made from another one, node by node in the order of that one. */
export interface Rewriting {
  /** What stands now for a value of the old graph, if only itself. */
  readonly current: (value: Value) => Value;
  /**
   * Adds a node of the old graph, which is to read these: itself where it reads them already, else one
   * like it that stands for it from here on.
   */
  read(node: Node, inputs: readonly Value[]): Node;
  /** Adds a node like another one, with changes, that stands for nothing until it is told to. */
  copy(node: Node, changes: Partial<Omit<Node, 'id' | 'outputs'>>): Node;
  /** Adds a new node. */
  add(node: Omit<Node, 'id' | 'outputs'>, outputs: readonly TensorType[]): Node;
  /** Whatever is added from here on reads `other` in the place of `value`. */
  replace(value: Value, other: Value): void;
}

/**
 * The one way in which a graph becomes another: `visit` is handed its nodes in their order, and adds
 * what the new graph has in their place. Nodes that read what they did before are the same objects in
 * both; the old graph is left as it is.
 */
export function rewrite(graph: Graph, visit: (node: Node, made: Rewriting) => void): Graph {
  const nodes: Node[] = [];
  const standing = new Map<Value, Value>();
  let nextId = graph.nodes.reduce((largest, { id }) => Math.max(largest, id), 0) + 1;
  const current = (value: Value) => standing.get(value) ?? value;
  const added = (node: Node): Node => {
    nodes.push(node);
    return node;
  };
  const made: Rewriting = {
    current,
    read(node, inputs) {
      if (inputs.every((value, at) => value === node.inputs[at])) return added(node);
      const other = added(makeNode({ ...node, inputs }, node.outputs));
      for (const output of node.outputs) standing.set(output, other.outputs[output.index]!);
      return other;
    },
    copy: (node, changes) => made.add({ ...node, ...changes }, node.outputs),
    add: (node, outputs) => added(makeNode({ ...node, id: nextId++ }, outputs)),
    replace: (value, other) => void standing.set(value, other),
  };
  for (const node of graph.nodes) visit(node, made);
  const outputs = Object.fromEntries(
    Object.entries(graph.outputs).map(([name, value]) => [name, current(value)]),
  );
  return { ...graph, nodes, outputs };
}
