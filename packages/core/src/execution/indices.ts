import { BackendError } from '../errors.js';
import type { Node } from '../graph/node.js';
import type { AnyData } from './tensor-data.js';

/** The error for what is wrong at a position. */
export type Refusal = (position: number, value: number) => BackendError;

const refused = (node: Where, what: string): BackendError =>
  new BackendError(`${node.op.name}${node.scope ? ` in ${node.scope}` : ''}: ${what}`);

/** What errors say of a node. */
type Where = Pick<Node, 'op' | 'scope'>;

/** For an index outside [0, limit). */
export const refusedIndex =
  (node: Where, what: string, limit: number): Refusal =>
  (position, value) =>
    refused(node, `${what} ${value} at position ${position} is outside [0, ${limit})`);

/** @throws BackendError, naming the op and where it was traced, for an index outside [0, limit) */
export function checkIndices(node: Node, what: string, indices: AnyData, limit: number): void {
  const position = indices.findIndex((index: number) => index < 0 || index >= limit);
  if (position >= 0) throw refusedIndex(node, what, limit)(position, indices[position]!);
}

/** For a weight that is not finite or below 0. */
export const refusedWeight =
  (node: Where): Refusal =>
  (position, value) =>
    refused(node, `weight ${value} at position ${position} is not a finite number ≥ 0`);

/** For a value that has no range that it is rounded in. */
export const refusedValue =
  (node: Where): Refusal =>
  (position, value) =>
    refused(
      node,
      `value ${value} at position ${position} is not finite and, with its group, in the range of bfloat16`,
    );

/** @throws BackendError, naming the op and where it was traced, for one that is not finite or < 0 */
export function checkWeights(node: Node, weights: AnyData): void {
  const position = weights.findIndex((weight: number) => !(weight >= 0 && weight < Infinity));
  if (position >= 0) throw refusedWeight(node)(position, weights[position]!);
}

/** For row pointers that do not rise from 0 to at most `entries`. */
export const refusedRowPointer =
  (node: Where, entries: number): Refusal =>
  (position, value) =>
    refused(
      node,
      `row pointer ${value} at position ${position} is wrong: they must rise from 0 to at most ${entries}`,
    );

/**
 * @throws BackendError, naming the op and where it was traced, for row pointers that do not rise
 * from 0 at the first to at most `entries` at the last
 */
export function checkRowPointers(node: Node, pointers: AnyData, entries: number): void {
  const position = pointers.findIndex(
    (pointer: number, i: number) =>
      pointer < (i === 0 ? 0 : pointers[i - 1]!) || pointer > (i === 0 ? 0 : entries),
  );
  if (position >= 0) throw refusedRowPointer(node, entries)(position, pointers[position]!);
}

/** What starts of sequences must be, beside rising from 0 to at most the rows that there are. */
export interface StartLimits {
  /** How long a sequence may be. */
  readonly longest?: number;
  /** How many rows they must have together. */
  readonly least?: number;
}

/** For starts of sequences that do not rise from 0 to at most `rows`, or are not within the limits. */
export function refusedStart(
  node: Where,
  rows: number,
  { longest, least }: StartLimits = {},
): Refusal {
  const each = longest === undefined ? '' : `, at most ${longest} each`;
  const last = least === undefined ? '' : `, the last one to at least ${least}`;
  return (position, value) =>
    refused(
      node,
      `start ${value} at position ${position} is wrong: they must rise from 0 to at most ${rows}${each}${last}`,
    );
}

/**
 * @throws BackendError, naming the op and where it was traced, for starts of sequences that do not
 * rise from 0 to at most `rows`, or are not within the limits
 */
export function checkStarts(
  node: Node,
  starts: AnyData,
  rows: number,
  limits: StartLimits = {},
): void {
  const { longest, least } = limits;
  const position = starts.findIndex((start: number, i: number) => {
    const before = i === 0 ? 0 : starts[i - 1]!;
    const most = i === 0 ? 0 : Math.min(rows, before + (longest ?? rows));
    const lowest = i === starts.length - 1 ? Math.max(before, least ?? 0) : before;
    return start < lowest || start > most;
  });
  if (position >= 0) throw refusedStart(node, rows, limits)(position, starts[position]!);
}

/**
 * How many rows are somebody's, by where sequences begin and the last one ends; all without them.
 *
 * @param least how many that must be
 * @throws BackendError for starts that do not rise from 0 to at most `rows`, the last one to `least`
 */
export function usedRows(
  node: Node,
  starts: AnyData | undefined,
  rows: number,
  least: number,
): number {
  if (!starts) return rows;
  checkStarts(node, starts, rows, { least });
  return starts.at(-1)!;
}
