import { checkGraph } from '../checks/kinds.js';
import type { Graph } from './graph.js';
import { isLeaf } from './leaves.js';
import { formatType } from './types.js';

/** Attributes as a short text. */
function formatAttributes(attributes: Readonly<Record<string, unknown>>): string {
  const parts: string[] = [];
  for (const [name, value] of Object.entries(attributes)) {
    if (Array.isArray(value)) parts.push(`${name}: [${value.join(', ')}]`);
    else if (typeof value === 'number' || typeof value === 'string' || value === true)
      parts.push(`${name}: ${value}`);
  }
  return parts.length ? ` {${parts.join(', ')}}` : '';
}

/**
 * A graph as text, one node a line: its outputs, op, inputs, attributes and where it was traced.
 *
 *     forward    %7 f32 [2, 3] = linear(%4, %5, %6) {estimator: dense}   encoder.layer.0
 */
export function printGraph(graph: Graph): string {
  checkGraph('printGraph: graph', graph);
  const lines = graph.nodes.map((node) => {
    const results = node.outputs.map((value) => `${value.label} ${formatType(value)}`).join(', ');
    if (isLeaf(node)) return `${node.op.name.padEnd(11)}${results} '${node.attributes.name}'`;
    const stage = node.recomputes ? 'recompute' : node.stage;
    const call = `${node.op.name}(${node.inputs.map((value) => value.label).join(', ')})`;
    const place = node.scope ? `   ${node.scope}` : '';
    return `${stage.padEnd(11)}${results} = ${call}${formatAttributes(node.attributes)}${place}`;
  });
  const outputs = Object.entries(graph.outputs).map(([name, value]) => `${name}: ${value.label}`);
  return [...lines, `returns    ${outputs.join(', ')}`].join('\n');
}
