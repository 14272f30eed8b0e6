import { BackendError } from '../errors.js';
import type { Node } from '../graph/node.js';
import type { Numbers } from './kernel.js';

/** @throws BackendError, naming the op and where it was traced, for an index outside [0, limit) */
export function checkIndices(node: Node, what: string, indices: Numbers, limit: number): void {
  const position = indices.findIndex((index: number) => index < 0 || index >= limit);
  if (position < 0) return;
  const place = node.scope ? ` in ${node.scope}` : '';
  throw new BackendError(
    `${node.op.name}${place}: ${what} ${indices[position]} at position ${position} is outside [0, ${limit})`,
  );
}
