import { checkValue } from './arguments.js';
import type { Node } from './node.js';
import type { Value } from './value.js';

/** The input whose memory a value has, of which it is a view or an update in place, if it is one. */
export function sharedInput({ node, index }: Value): Value | undefined {
  const { views, updates } = node.op;
  const isIt = ([output]: readonly [output: number, input: number]) => output === index;
  const pair = views?.find(isIt) ?? updates?.find(isIt);
  return pair && node.inputs[pair[1]];
}

/**
 * The value at the start of a chain of views and updates in place.
 * @throws UsageError for what is no value of a graph
 */
export function rootOf(value: Value): Value {
  checkValue('rootOf: value', value);
  const input = sharedInput(value);
  return input ? rootOf(input) : value;
}

/** The tensors that a node changes in place. */
export const updatedRoots = ({ op, inputs }: Node): Value[] =>
  (op.updates ?? []).map(([, input]) => rootOf(inputs[input]!));
