import { checkGraph } from '../checks/kinds.js';
import type { Graph } from './graph.js';
import { isLeaf } from './leaves.js';
import type { Node } from './node.js';
import { nodeName } from './node-name.js';
import { rewrite } from './rewrite.js';
import { rootOf, updatedRoots } from './root-of.js';

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
    const name = own ? undefined : nodeName({ ...node, inputs });
    const first = name && known.get(name);
    if (first) {
      for (const output of node.outputs) made.replace(output, first.outputs[output.index]!);
      return;
    }
    const standing = made.read(node, inputs);
    if (name) known.set(name, standing);
  });
}
