import { DataError } from '@sketchgrad/core';
import { countOf } from '../tsv.js';
import type { NumberSink } from './number-parser.js';

const mostExtraFields = 1 << 16;

/** What the numbers of a file are, for its errors. */
export interface FileOfNumbers {
  readonly file: string;
  /** What a row is about: `node`, `edge`. */
  readonly rowIs: string;
  /** How many rows there have to be. */
  readonly rows: number;
  /** The file that says so. */
  readonly countedIn: string;
}

/** @throws DataError at the first row too many */
export function refuseExtraRow({ file, rowIs, rows, countedIn }: FileOfNumbers, line: number) {
  if (line <= rows) return;
  throw new DataError(file, `has more than ${countOf(rows, rowIs)}, which ${countedIn} says`, line);
}

/** @throws DataError where the file has ended with fewer rows than it should have */
export function refuseMissingRows(
  { file, rowIs, rows, countedIn }: FileOfNumbers,
  found: number,
): void {
  if (found === rows) return;
  throw new DataError(
    file,
    `ends after ${countOf(found, rowIs)}: expected ${rows}, as ${countedIn} says`,
    Math.max(found, 1),
  );
}

/** @throws DataError where a row has another number of fields than it should have */
export function refuseWidth(file: string, columns: number, expected: number, line: number): void {
  if (columns === expected) return;
  throw new DataError(file, `has ${countOf(columns, 'column')}: expected ${expected}`, line);
}

/**
 * Lets a row have some fields too many, so that its end can tell how many they are, but not without end.
 *
 * @throws DataError at the first field that is far too many
 */
export function refuseEndlessRow(
  file: string,
  column: number,
  expected: number,
  line: number,
): void {
  if (column < expected + mostExtraFields) return;
  throw new DataError(file, `has more than ${column} columns: expected ${expected}`, line);
}

/** A sink that gathers whole numbers from 0, one a line. */
export interface IndexColumn extends NumberSink {
  /** What has been gathered. */
  readonly values: number[];
}

/**
 * A column of whole numbers.
 *
 * @param expected what is asked for, in the words of an error: `a node from 0 to 9`
 * @param limit the numbers are below it
 * @param accept called with each number and its line before it is gathered; throws to refuse it
 */
export function indexColumn(
  file: string,
  expected: string,
  limit: number,
  accept: (value: number, line: number) => void,
): IndexColumn {
  const values: number[] = [];
  const refuse = (field: string, _column: number, line: number): never => {
    throw new DataError(file, `'${field}': expected ${expected}`, line);
  };
  return {
    values,
    other: refuse,
    value(value, column, line) {
      refuseEndlessRow(file, column, 1, line);
      if (column > 0) return;
      if (!Number.isInteger(value) || value < 0 || value >= limit) refuse(`${value}`, column, line);
      accept(value, line);
      values.push(value);
    },
    row: (columns, line) => refuseWidth(file, columns, 1, line),
  };
}
