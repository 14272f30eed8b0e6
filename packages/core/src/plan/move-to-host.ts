import type { Graph } from '../graph/graph.js';
import type { Node } from '../graph/node.js';
import type { OpDefinition } from '../graph/op.js';
import { rootOf } from '../graph/root-of.js';
import { Value } from '../graph/value.js';
import { COPY_FROM_HOST } from '../ops/copy-from-host.js';
import { COPY_TO_HOST } from '../ops/copy-to-host.js';
import type { Gap } from './gaps.js';

/**
 * Rewrites a graph so that tensors lie in the host store during these gaps: a copy out after each
 * gap's first node (once for all gaps of a tensor), a copy back before its last.
 */
export function moveToHost(graph: Graph, schedule: readonly Node[], gaps: readonly Gap[]): Graph {
  const [leaving, returning] = [byNode(gaps, schedule, 'from'), byNode(gaps, schedule, 'to')];
  const moving = new Set(gaps.map(({ value }) => value));
  const nodes: Node[] = [];
  /** What stands for a value now: on the device, after it came back or its node was rewritten. */
  const current = new Map<Value, Value>();
  const onHost = new Map<Value, Value>();
  let nextId = graph.nodes.reduce((largest, { id }) => Math.max(largest, id), 0) + 1;

  const append = (node: Node, extra: Partial<Node>): Node => {
    const outputs: Value[] = [];
    const made: Node = { ...node, ...extra, outputs };
    for (const { index, shape, dtype } of node.outputs)
      outputs.push(new Value(made, index, shape, dtype));
    nodes.push(made);
    return made;
  };
  const copy = (op: OpDefinition, from: Value, beside: Node, scope: string): Value => {
    const outputs: Value[] = [];
    const stage = beside.stage === 'update' ? 'backward' : beside.stage;
    const node: Node = { id: nextId++, op, attributes: {}, inputs: [from], outputs, scope, stage };
    outputs.push(new Value(node, 0, from.shape, from.dtype));
    nodes.push(node);
    return outputs[0]!;
  };
  /** A view of what came back is taken anew. */
  const resolve = (value: Value, { stage }: Node): Value => {
    const known = current.get(value);
    if (known || rootOf(value) === value || !moving.has(rootOf(value))) return known ?? value;
    const { node } = value;
    const inputs = node.inputs.map((input) => resolve(input, node));
    const made = append(node, { id: nextId++, inputs, stage });
    current.set(value, made.outputs[value.index]!);
    return current.get(value)!;
  };

  for (const node of graph.nodes) {
    for (const { value } of returning.get(node) ?? []) {
      for (const other of current.keys()) if (rootOf(other) === value) current.delete(other);
      current.set(value, copy(COPY_FROM_HOST, onHost.get(value)!, node, value.node.scope));
    }
    const inputs = node.inputs.map((value) => resolve(value, node));
    if (inputs.every((value, i) => value === node.inputs[i])) {
      nodes.push(node);
      for (const output of node.outputs)
        if (moving.has(rootOf(output))) current.set(output, output);
    } else {
      const made = append(node, { inputs });
      for (const output of node.outputs) current.set(output, made.outputs[output.index]!);
    }
    for (const { value } of leaving.get(node) ?? []) {
      if (onHost.has(value)) continue;
      onHost.set(value, copy(COPY_TO_HOST, resolve(value, node), node, value.node.scope));
    }
  }
  const outputs = Object.fromEntries(
    Object.entries(graph.outputs).map(([name, value]) => [name, current.get(value) ?? value]),
  );
  return { ...graph, nodes, outputs };
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
