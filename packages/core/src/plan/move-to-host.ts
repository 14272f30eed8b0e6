import type { Graph } from '../graph/graph.js';
import type { Node } from '../graph/node.js';
import type { OpDefinition } from '../graph/op.js';
import { rewrite } from '../graph/rewrite.js';
import { rootOf } from '../graph/root-of.js';
import type { Value } from '../graph/value.js';
import { COPY_FROM_HOST } from '../ops/copy-from-host.js';
import { COPY_TO_HOST } from '../ops/copy-to-host.js';
import type { Gap } from './gaps.js';

/**
 * Rewrites a graph so that tensors lie in the host store during these gaps: a copy out after each
 * gap's first node (once for all gaps of a tensor), a copy back before its last.
 */
export function moveToHost(graph: Graph, schedule: readonly Node[], gaps: readonly Gap[]): Graph {
  const [leaving, returning] = [byNode(gaps, schedule, 'from'), byNode(gaps, schedule, 'to')];
  const onHost = new Map<Value, Value>();
  const views = new Map<Value, Value[]>(gaps.map(({ value }) => [value, []]));
  /** Views of what has come back since they were taken: to be taken anew where they are read. */
  const stale = new Set<Value>();
  return rewrite(graph, (node, made) => {
    const copy = (op: OpDefinition, from: Value, { scope }: Node): Value => {
      const stage = node.stage === 'update' ? 'backward' : node.stage;
      return made.add({ op, attributes: {}, inputs: [from], scope, stage }, [from]).outputs[0]!;
    };
    const resolve = (value: Value, { stage }: Node): Value => {
      if (!stale.delete(value)) return made.current(value);
      const { node: view, index } = value;
      const inputs = view.inputs.map((input) => resolve(input, view));
      made.replace(value, made.copy(view, { inputs, stage }).outputs[index]!);
      return made.current(value);
    };

    for (const { value } of returning.get(node) ?? []) {
      for (const view of views.get(value)!) stale.add(view);
      made.replace(value, copy(COPY_FROM_HOST, onHost.get(value)!, value.node));
    }
    made.read(
      node,
      node.inputs.map((value) => resolve(value, node)),
    );
    for (const output of node.outputs)
      if (rootOf(output) !== output) views.get(rootOf(output))?.push(output);
    for (const { value } of leaving.get(node) ?? [])
      if (!onHost.has(value))
        onHost.set(value, copy(COPY_TO_HOST, made.current(value), value.node));
  });
}

function byNode(
  gaps: readonly Gap[],
  schedule: readonly Node[],
  end: 'from' | 'to',
): Map<Node, Gap[]> {
  const found = new Map<Node, Gap[]>();
  for (const gap of gaps) {
    const node = schedule[gap[end]]!;
    const list = found.get(node);
    if (list) list.push(gap);
    else found.set(node, [gap]);
  }
  return found;
}
