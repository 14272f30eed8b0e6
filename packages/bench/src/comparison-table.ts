import Table from 'cli-table3';

/** One property of the things that a table compares. */
export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  /** The property as a number, where its ratio to the first row's is worth showing. */
  readonly value?: (row: Row) => number | null;
}

/**
 * A table for people, one line a row. Numbers are followed by their ratio to the first row's:
 * `36.0 MiB  0.52 ×`.
 */
export function comparisonTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
): string {
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
