import { checkCount, checkSize } from '../checks/check-members.js';

/** Rows `begin` to `end` of x, in permuted order, and the rows of the sketch that they alone make. */
export interface DiagonalBlock {
  readonly begin: number;
  readonly end: number;
  readonly sketchBegin: number;
  readonly sketchEnd: number;
}

/**
 * Where the `at`-th of `parts` nearly equal parts of 0 … count begins. The first parts are the
 * longer ones: then of two counts the smaller has the smaller part everywhere.
 * @throws UsageError for what are no whole numbers
 */
export function partBegin(count: number, parts: number, at: number): number {
  checkSize('partBegin: count', count);
  checkCount('partBegin: parts', parts);
  checkSize('partBegin: at', at);
  return beginOf(count, parts, at);
}

const beginOf = (count: number, parts: number, at: number): number =>
  at * Math.floor(count / parts) + Math.min(at, count % parts);

/**
 * Into how many diagonal blocks a sketch of n rows to `rows` is cut: about n / blockRows of them, at
 * most one for each row of the sketch. One unless `blockRows` is given.
 *
 * @throws UsageError unless `rows` and `blockRows` are whole numbers ≥ 1
 */
export function blockCount(n: number, rows: number, blockRows: number | undefined): number {
  checkSize('the rows that are sketched', n);
  checkCount("a sketch's rows", rows);
  if (blockRows !== undefined) checkCount('blockRows', blockRows);
  const wanted = blockRows === undefined ? 1 : Math.round(n / blockRows);
  return Math.max(1, Math.min(wanted, rows, n));
}

/**
 * The diagonal blocks of a sketch ({@link blockCount}), over which its rows and x's are dealt nearly
 * equally.
 *
 * @throws UsageError unless `rows` and `blockRows` are whole numbers ≥ 1
 */
export function diagonalBlocks(
  n: number,
  rows: number,
  blockRows: number | undefined,
): readonly DiagonalBlock[] {
  const count = blockCount(n, rows, blockRows);
  return Array.from({ length: count }, (_, at) => ({
    begin: beginOf(n, count, at),
    end: beginOf(n, count, at + 1),
    sketchBegin: beginOf(rows, count, at),
    sketchEnd: beginOf(rows, count, at + 1),
  }));
}
