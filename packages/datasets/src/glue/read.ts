import { checkText, DataError, describeValue, UsageError } from '@sketchgrad/core';
import { excerpt, readText } from '../files.js';
import type { Example, Examples } from '../task.js';
import { countOf, parseTsv, type TsvRow, type TsvTable } from '../tsv.js';
import { entriesOf, firstFile, locateTask } from './locate.js';
import { mrpcOriginals, readOriginalMrpc } from './mrpc.js';
import { type GlueColumns, type GlueSplit, type GlueTask, glueTask } from './tasks.js';

/** A split of a GLUE task. */
export interface GlueExamples extends Examples {
  readonly task: GlueTask;
  readonly split: GlueSplit;
}

interface FoundTable {
  readonly table: TsvTable;
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

/**
 * Reads a split of a GLUE task from its official TSV files. Test splits mostly have no labels, which is
 * no column, an empty field or, as Hugging Face exports them, −1: theirs are null. Quora's question pairs have a few lines that are broken; those are left out, as everyone
 * does, and a note says how many.
 *
 * @param name the task: cola, sst2, mrpc, stsb, qqp, mnli, qnli, rte, wnli or ax
 * @param split train, dev or test; for MNLI also dev_mismatched and test_mismatched
 * @param directory GLUE's root, or the task's own folder
 * @throws UsageError on an unknown task or split; DataError, with file and line, on a missing folder,
 *   file or column, a wrong number of fields, an unknown label and an empty file
 */
export async function readGlue(
  name: string,
  split: GlueSplit,
  directory: string,
): Promise<GlueExamples> {
  const task = glueTask(name);
  checkText('directory', directory);
  if (!Object.hasOwn(task.splits, split)) {
    const splits = Object.keys(task.splits).join(', ');
    throw new UsageError(
      `the task ${name} has no split ${describeValue(split)}: expected one of ${splits}`,
    );
  }
  const { table, files, notes } = await findTable(task, split, directory);
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

async function findTable(task: GlueTask, split: GlueSplit, directory: string): Promise<FoundTable> {
  const folder = await locateTask(task, directory);
  const { names, headless } = task.splits[split]!;
  const file = await firstFile(folder, names);
  if (file !== undefined) {
    const table = parseTsv(await readText(file), {
      file,
      ...(headless === undefined ? {} : { headless }),
      allowMalformed: task.name === 'qqp',
    });
    return { table, files: [file], notes: malformedNotes(table, file) };
  }
  const original = task.name === 'mrpc' ? await readOriginalMrpc(folder, split) : undefined;
  if (original !== undefined) return original;
  const others = task.name === 'mrpc' ? Object.values(mrpcOriginals) : [];
  throw new DataError(
    folder,
    `no ${split} split of ${task.name}: looked for ${[...names, ...others].join(', ')} here${
      folder === directory ? ` and for the folder ${task.folder}` : ''
    }${await otherFormats(folder, names)}`,
  );
}

/** The end of a sentence that names files which are called as those wanted, but for their ending. */
async function otherFormats(folder: string, names: readonly string[]): Promise<string> {
  const stem = (name: string) => name.replace(/\..*/, '').toLowerCase();
  const others = (await entriesOf(folder)).filter((entry) =>
    names.some((name) => entry.includes('.') && stem(entry) === stem(name)),
  );
  return others.length === 0
    ? ''
    : `; there is ${excerpt(others.join(', '))}, but text with tabs between its fields, .tsv, is expected`;
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
