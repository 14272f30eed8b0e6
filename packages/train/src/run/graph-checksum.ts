import { type Graph, Value } from '@sketchgrad/core';
import { checksum } from '../source/checksum.js';

/** Of everything that a graph computes: ops, what they are of, their attributes, types, and outputs. */
export function graphChecksum({ nodes, outputs }: Graph): string {
  const listed = {
    nodes: nodes.map(({ op, inputs, attributes, outputs: made }) => ({
      op: op.name,
      inputs,
      attributes,
      made: made.map(({ dtype, shape }) => ({ dtype, shape })),
    })),
    outputs,
  };
  // Of a value, its label: the rest of it leads back to the whole graph.
  const text = JSON.stringify(listed, (_, value) => (value instanceof Value ? value.label : value));
  return checksum([text]);
}
