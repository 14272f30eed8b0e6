import { checkValue } from '../checks/graph-arguments.js';
import type { Value } from './value.js';

/**
 * The value at the start of a chain of views and updates in place.
 * @throws UsageError for what is no value of a graph
 */
export function rootOf(value: Value): Value {
  checkValue('rootOf: value', value);
  const alias = value.node.op.aliases?.find(([output]) => output === value.index);
  return alias ? rootOf(value.node.inputs[alias[1]]!) : value;
}
