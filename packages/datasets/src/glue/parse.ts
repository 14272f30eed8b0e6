import { checkOptions, checkText, DataError, describeValue, UsageError } from '@sketchgrad/core';
import { type Content, contentText } from '../contents.js';
import type { Example, Examples } from '../task.js';
import { excerpt } from '../text.js';
import { countOf, parseTsv, type TsvRow, type TsvTable } from '../tsv.js';
import { type GlueColumns, type GlueSplit, type GlueTask, glueTask } from './tasks.js';

/** A split of a GLUE task. */
export interface GlueExamples extends Examples {
  readonly task: GlueTask;
  readonly split: GlueSplit;
}

/** How {@link parseGlue} is told of a table. */
export interface ParseGlueOptions {
  /** What errors, notes and `files` call the table; the split's official name unless given. */
  readonly file?: string;
}

/** A split's table, where it is from, and what there is to say of it. */
export interface GlueTable {
  readonly table: TsvTable;
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Reads a split of a GLUE task from its official TSV table. Test splits mostly have no labels, which is
 * no column, an empty field or, as Hugging Face exports them, −1: theirs are null. Quora's question
 * pairs have a few lines that are broken; those are left out, as everyone does, and a note says how many.
 *
 * @param name the task: cola, sst2, mrpc, stsb, qqp, mnli, qnli, rte, wnli or ax
 * @param split train, dev or test; for MNLI also dev_mismatched and test_mismatched
 * @param content the table's text, or its UTF-8 bytes
 * @throws UsageError on an unknown task or split, and on content that is neither; DataError, with file
 *   and line, on a missing column, a wrong number of fields, an unknown label and an empty table
 */
export function parseGlue(
  name: string,
  split: GlueSplit,
  content: Content,
  options: ParseGlueOptions = {},
): GlueExamples {
  const task = glueTask(name);
  checkGlueSplit(task, split);
  checkOptions('parseGlue', options, { file: true });
  const { file = task.splits[split]!.names[0]! } = options;
  checkText('file', file);
  return glueExamples(task, split, glueTable(task, split, contentText(content, file), file));
}

/** @throws UsageError on a split that the task does not have */
export function checkGlueSplit(task: GlueTask, split: GlueSplit): void {
  if (Object.hasOwn(task.splits, split)) return;
  const splits = Object.keys(task.splits).join(', ');
  throw new UsageError(
    `the task ${task.name} has no split ${describeValue(split)}: expected one of ${splits}`,
  );
}

/** @throws DataError, with file and line, on an empty table and on wrong numbers of fields */
export function glueTable(task: GlueTask, split: GlueSplit, text: string, file: string): GlueTable {
  const { headless } = task.splits[split]!;
  const table = parseTsv(text, {
    file,
    ...(headless === undefined ? {} : { headless }),
    allowMalformed: task.name === 'qqp',
  });
  return { table, files: [file], notes: malformedNotes(table, file) };
}

/** @throws DataError, with file and line, on a missing column and on an unknown label */
export function glueExamples(
  task: GlueTask,
  split: GlueSplit,
  { table, files, notes }: GlueTable,
): GlueExamples {
  const file = files[0]!;
  const columns = matchingColumns(task, table, file);
  const place = (column: string) => table.columns.indexOf(column);
  const [first, label] = [place(columns.first), place(columns.label)];
  const second = columns.second === undefined ? undefined : place(columns.second);
  if (label === -1 && !split.startsWith('test')) {
    throw missingColumn(columns.label, table, file);
  }
  const isTest = split.startsWith('test');
  const rows = table.rows.map((row): Example => {
    const pair = second === undefined ? {} : { second: row.fields[second]! };
    const text = label === -1 ? '' : row.fields[label]!;
    const value = isTest && saysNone(text) ? null : readLabel(task, columns.label, text, row, file);
    return { first: row.fields[first]!, ...pair, label: value };
  });
  return { task, split, files, rows, notes };
}

// Published QQP has about three such lines in 360 000; a file with many is not QQP.
function malformedNotes({ columns, rows, malformed }: TsvTable, file: string): string[] {
  const worst = malformed[0];
  if (worst === undefined) return [];
  if (malformed.length > Math.max(10, rows.length / 1000)) {
    throw new DataError(
      file,
      `has ${countOf(worst.fields.length, 'field')}: expected ${columns.length} (${excerpt(columns.join(', '))}), separated by tabs, and ${malformed.length - 1} more lines are like it`,
      worst.line,
    );
  }
  const lines = malformed.map(({ line }) => line).join(', ');
  return [`${file}: left out ${countOf(malformed.length, 'broken line')} (${lines})`];
}

function matchingColumns(task: GlueTask, table: TsvTable, file: string): GlueColumns {
  const sentences = ({ first, second }: GlueColumns) =>
    second === undefined ? [first] : [first, second];
  const found = task.columns.find((columns) =>
    sentences(columns).every((column) => table.columns.includes(column)),
  );
  if (found !== undefined) return found;
  const missing = sentences(task.columns[0]!).find((column) => !table.columns.includes(column));
  throw missingColumn(missing!, table, file);
}

function missingColumn(column: string, table: TsvTable, file: string): DataError {
  return new DataError(
    file,
    `no column '${column}': the header line has ${excerpt(table.columns.map((name) => `'${name}'`).join(', '))}${
      table.columns.length === 1 && table.columns[0]!.includes(',')
        ? '; fields are separated by tabs, not by commas'
        : ''
    }`,
    1,
  );
}

// As a whole number, or as the real number that a regression's is.
function saysNone(text: string): boolean {
  return /^\s*(-1(\.0*)?)?\s*$/.test(text);
}

function readLabel(
  task: GlueTask,
  column: string,
  text: string,
  { line }: TsvRow,
  file: string,
): number {
  if (task.regression) {
    const score = text.trim() === '' ? Number.NaN : Number(text);
    if (score >= 0 && score <= 5) return score;
    throw new DataError(
      file,
      `${column} is '${excerpt(text)}': expected a number from 0 to 5`,
      line,
    );
  }
  const label = task.labels.indexOf(text);
  if (label !== -1) return label;
  if (/^\d+$/.test(text) && Number(text) < task.labels.length) return Number(text);
  const expected = task.labels.map((name, index) => `${name} (${index})`).join(', ');
  throw new DataError(file, `${column} is '${excerpt(text)}': expected one of ${expected}`, line);
}
