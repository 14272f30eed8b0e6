import { checkGraph } from '../checks/kinds.js';
import type { Graph } from './graph.js';
import { isLeaf } from './leaves.js';
import type { Node } from './node.js';
import { rootOf, updatedRoots } from './root-of.js';
import { Value } from './value.js';

/**
 * Computes once what a graph computes several times: of nodes of one stage with the same op, inputs
 * and attributes, a random op's stream among these, the first stands for them all. What reads a
 * persistent tensor that the graph updates is left alone, since it is another before and after.
 */
export function mergeEqual(graph: Graph): Graph {
  checkGraph('mergeEqual: graph', graph);
  const updated = new Set(graph.nodes.flatMap(updatedRoots));
  const nodes: Node[] = [];
  const known = new Map<string, Node>();
  /** What stands for a value of a node that was left out, or had to read another. */
  const moved = new Map<Value, Value>();
  const current = (value: Value): Value => moved.get(value) ?? value;
  const stand = (node: Node, other: Node): void => {
    for (const output of node.outputs) moved.set(output, other.outputs[output.index]!);
  };
  for (const node of graph.nodes) {
    const inputs = node.inputs.map(current);
    const own = isLeaf(node) || inputs.some((value) => updated.has(rootOf(value)));
    const name = own ? undefined : nameOf(node, inputs);
    const first = name && known.get(name);
    if (first) {
      stand(node, first);
      continue;
    }
    const made = inputs.every((value, at) => value === node.inputs[at])
      ? node
      : reading(node, inputs);
    if (made !== node) stand(node, made);
    nodes.push(made);
    if (name) known.set(name, made);
  }
  const outputs = Object.fromEntries(
    Object.entries(graph.outputs).map(([name, value]) => [name, current(value)]),
  );
  return { ...graph, nodes, outputs };
}

/** What tells a node from those that compute something else. */
const nameOf = ({ op, stage, block, attributes }: Node, inputs: readonly Value[]): string =>
  JSON.stringify(
    [op.name, stage, block ?? null, inputs, attributes],
    // Of a value, its label: the rest of it leads back to the whole graph.
    (_, value) => (value instanceof Value ? value.label : value),
  );

function reading(node: Node, inputs: readonly Value[]): Node {
  const outputs: Value[] = [];
  const made: Node = { ...node, inputs, outputs };
  for (const { index, shape, dtype } of node.outputs)
    outputs.push(new Value(made, index, shape, dtype));
  return made;
}
