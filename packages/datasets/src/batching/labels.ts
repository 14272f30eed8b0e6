import { UsageError } from '@sketchgrad/core';
import type { Task } from '../task.js';

/** What a row may have as its label: a class by its index or its name, a score, or none. */
export type RowLabel = number | string | null | undefined;

// Class indices are kept as i32.
const largestClass = 2 ** 31 - 1;

/**
 * The labels of rows as numbers: class indices as Int32Array, scores of a regression as Float32Array,
 * null where no row has one. A class may be given by its name, where the task has names.
 *
 * @throws UsageError, with the row counted from 0, on what is no class of the task, or no finite f32
 *   for a regression, and where only some of the rows have labels
 */
export function labelsOf(
  task: Pick<Task, 'name' | 'labels' | 'regression'>,
  labels: readonly RowLabel[],
): Int32Array | Float32Array | null {
  const isAbsent = (label: RowLabel) => label === null || label === undefined;
  const absent = labels.findIndex(isAbsent);
  const count = labels.filter(isAbsent).length;
  if (count === labels.length) return null;
  if (count > 0) {
    throw new UsageError(
      `${count} of ${labels.length} ${task.name} rows have no label, the first of them is row ${absent}: expected all or none`,
    );
  }
  const numbers = labels.map((label, row) =>
    task.regression ? scoreOf(label, row) : classOf(label, row, task.labels),
  );
  return task.regression ? Float32Array.from(numbers) : Int32Array.from(numbers);
}

function scoreOf(label: RowLabel, row: number): number {
  if (typeof label === 'number' && Number.isFinite(Math.fround(label))) return label;
  throw refused(label, row, 'a finite number that f32 can hold, since the task is a regression');
}

function classOf(label: RowLabel, row: number, names: readonly string[]): number {
  const most = names.length === 0 ? largestClass : names.length - 1;
  const index = typeof label === 'string' ? names.indexOf(label) : label;
  if (typeof index === 'number' && Number.isInteger(index) && index >= 0 && index <= most) {
    return index;
  }
  if (names.length === 0) {
    const named =
      typeof label === 'string' ? '; names need the option labels, all of them in order' : '';
    throw refused(label, row, `a class from 0 to ${most}, or null for no label${named}`);
  }
  const shown = names.slice(0, 20).map((name, place) => `'${name}' (${place})`);
  if (names.length > shown.length) shown.push('…');
  throw refused(label, row, `one of ${shown.join(', ')}, or null for no label`);
}

function refused(label: unknown, row: number, expected: string): UsageError {
  const shown = typeof label === 'string' ? `'${label.slice(0, 100)}'` : String(label);
  return new UsageError(`row ${row} has the label ${shown}: expected ${expected}`);
}
