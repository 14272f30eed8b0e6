import type { Node } from './node.js';
import { Value } from './value.js';

/** What tells a node from those that compute something else. */
export const nodeName = ({
  op,
  stage,
  block,
  attributes,
  inputs,
}: Pick<Node, 'op' | 'stage' | 'block' | 'attributes' | 'inputs'>): string =>
  JSON.stringify(
    [op.name, stage, block ?? null, inputs, attributes],
    // Of a value, its label: the rest of it leads back to the whole graph.
    (_, value) => (value instanceof Value ? value.label : value),
  );
