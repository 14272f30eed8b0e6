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

/** @throws BackendError, naming the op and where it was traced, for one that is not finite or < 0 */
export function checkWeights(node: Node, weights: Numbers): void {
  const position = weights.findIndex((weight: number) => !(weight >= 0 && weight < Infinity));
  if (position < 0) return;
  const place = node.scope ? ` in ${node.scope}` : '';
  throw new BackendError(
    `${node.op.name}${place}: weight ${weights[position]} at position ${position} is not a finite number ≥ 0`,
  );
}

/**
 * @throws BackendError, naming the op and where it was traced, for row pointers that do not rise
 * from 0 at the first to `entries` at the last
 */
export function checkRowPointers(node: Node, pointers: Numbers, entries: number): void {
  const last = pointers.length - 1;
  const position = pointers.findIndex(
    (pointer: number, i: number) =>
      pointer < (i === 0 ? 0 : pointers[i - 1]!) ||
      pointer > (i === 0 ? 0 : entries) ||
      (i === last && pointer !== entries),
  );
  if (position < 0) return;
  const place = node.scope ? ` in ${node.scope}` : '';
  throw new BackendError(
    `${node.op.name}${place}: row pointer ${pointers[position]} at position ${position} is wrong: they must rise from 0 to ${entries}`,
  );
}

/**
 * @throws BackendError, naming the op and where it was traced, for starts of sequences that do not
 * rise from 0 to at most `rows`, or where one is longer than `longest`
 */
export function checkStarts(
  node: Node,
  starts: Numbers,
  rows: number,
  longest = Number.POSITIVE_INFINITY,
): void {
  const position = starts.findIndex((start: number, i: number) => {
    const before = i === 0 ? 0 : starts[i - 1]!;
    return start < before || start > (i === 0 ? 0 : Math.min(rows, before + longest));
  });
  if (position < 0) return;
  const place = node.scope ? ` in ${node.scope}` : '';
  const each = longest === Number.POSITIVE_INFINITY ? '' : `, at most ${longest} each`;
  throw new BackendError(
    `${node.op.name}${place}: start ${starts[position]} at position ${position} is wrong: they must rise from 0 to at most ${rows}${each}`,
  );
}
