import {
  checkMembers,
  describeValue,
  formatBytes,
  type ObjectKind,
  UsageError,
} from '@sketchgrad/core';
import Table from 'cli-table3';

/** One property of the things that a table compares. */
export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  /** The property as a number, where its ratio to the first row's is worth showing. */
  readonly value?: (row: Row) => number | null;
}

/** A column of bytes, with ratios. @param value null where they are unknown */
export const bytesColumn = <Row>(
  title: string,
  value: (row: Row) => number | null,
): Column<Row> => ({
  title,
  value,
  text: (row) => {
    const bytes = value(row);
    return bytes === null ? 'unknown' : formatBytes(bytes);
  },
});

const COLUMN: ObjectKind = {
  accepted: "a column, { title: 'name', text: (row) => row.name }",
  members: { title: 'string', text: 'function' },
};

/**
 * A table for people, one line a row. Numbers are followed by their ratio to the first row's:
 * `36.0 MiB  0.52 ×`.
 *
 * @throws UsageError for what are no rows, and no columns
 */
export function comparisonTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): string {
  for (const [name, list] of Object.entries({ rows, columns }))
    if (!Array.isArray(list as unknown))
      throw new UsageError(`${name} must be an array, but it is ${describeValue(list)}`);
  for (const [at, column] of columns.entries()) checkMembers(`columns[${at}]`, column, COLUMN);
  const table = new Table({
    head: columns.map(({ title }) => title),
    colAligns: columns.map(({ value }) => (value ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  const [first] = rows;
  for (const row of rows)
    table.push(
      columns.map(({ text, value }) =>
        [text(row), ...(value && row !== first ? ratio(value(row), value(first!)) : [])].join('  '),
      ),
    );
  return table.toString();
}

function ratio(value: number | null, base: number | null): string[] {
  return value === null || !base ? [] : [`${(value / base).toFixed(2)} ×`];
}
