import { DataError } from '@sketchgrad/core';
import { excerpt, textLines } from './text.js';

/** One row of a table, and the line of the file that it stands on, counted from 1. */
export interface TsvRow {
  readonly fields: readonly string[];
  readonly line: number;
}

/** A table of tab-separated values. */
export interface TsvTable {
  readonly columns: readonly string[];
  /** The rows that have a field for every column. */
  readonly rows: readonly TsvRow[];
  /** The rows that do not, where they are let through. */
  readonly malformed: readonly TsvRow[];
}

/** How a table is read. */
export interface TsvOptions {
  /** Named in errors. */
  readonly file: string;
  /** The columns of a file without a header line. */
  readonly headless?: readonly string[];
  /** True to set rows of the wrong length apart rather than to refuse the file. */
  readonly allowMalformed?: boolean;
}

/**
 * Reads tab-separated values as GLUE writes them: nothing is quoted, so that a `"` is a character of
 * its field; lines end in LF or CRLF, and only there; empty lines at the end do not count.
 *
 * @throws DataError, with the line, on an empty table and on a row with too few or too many fields
 */
export function parseTsv(text: string, { file, headless, allowMalformed }: TsvOptions): TsvTable {
  const lines = textLines(text);
  while (lines.at(-1) === '') lines.pop();
  const columns = headless ?? lines[0]?.split('\t');
  const start = headless === undefined ? 1 : 0;
  if (columns === undefined || lines.length <= start) {
    throw new DataError(file, lines.length === 0 ? 'is empty' : 'has a header line and no rows');
  }
  const rows: TsvRow[] = [];
  const malformed: TsvRow[] = [];
  for (let index = start; index < lines.length; index++) {
    const row = { fields: lines[index]!.split('\t'), line: index + 1 };
    if (row.fields.length === columns.length) {
      rows.push(row);
    } else if (allowMalformed) {
      malformed.push(row);
    } else {
      throw new DataError(
        file,
        `has ${countOf(row.fields.length, 'field')}: expected ${columns.length} (${excerpt(columns.join(', '))}), separated by tabs`,
        row.line,
      );
    }
  }
  return { columns, rows, malformed };
}

/** A number with its noun: `1 field`, `2 fields`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
