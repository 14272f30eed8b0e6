import { checkGraph } from '../checks/kinds.js';
import type { Graph } from './graph.js';
import { isLeaf } from './leaves.js';
import type { Node } from './node.js';
import { rewrite } from './rewrite.js';
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
  const known = new Map<string, Node>();
  return rewrite(graph, (node, made) => {
    const inputs = node.inputs.map(made.current);
    const own = isLeaf(node) || inputs.some((value) => updated.has(rootOf(value)));
    const name = own ? undefined : nameOf(node, inputs);
    const first = name && known.get(name);
    if (first) {
      for (const output of node.outputs) made.replace(output, first.outputs[output.index]!);
      return;
    }
    const standing = made.read(node, inputs);
    if (name) known.set(name, standing);
  });
}

/** What tells a node from those that compute something else. */
const nameOf = ({ op, stage, block, attributes }: Node, inputs: readonly Value[]): string =>
  JSON.stringify(
    [op.name, stage, block ?? null, inputs, attributes],
    // Of a value, its label: the rest of it leads back to the whole graph.
    (_, value) => (value instanceof Value ? value.label : value),
  );
