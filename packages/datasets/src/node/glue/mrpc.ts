import { DataError } from '@sketchgrad/core';
import type { GlueTable } from '../../glue/parse.js';
import type { GlueSplit } from '../../glue/tasks.js';
import { excerpt } from '../../text.js';
import { parseTsv, type TsvTable } from '../../tsv.js';
import { readText } from '../files.js';
import { firstFile } from './locate.js';

/** Names of the files that MRPC is published as, by Microsoft and by GLUE. */
export const mrpcOriginals = {
  train: 'msr_paraphrase_train.txt',
  test: 'msr_paraphrase_test.txt',
  devIds: 'mrpc_dev_ids.tsv',
} as const;

/**
 * Reads a split from MRPC's original files. GLUE's dev split is the part of the train file that
 * mrpc_dev_ids.tsv lists; without that list, the train file is all training data and the test file,
 * which is labelled, stands in for dev, and a note says so.
 *
 * @returns undefined where the folder does not have the original file that the split needs
 */
export async function readOriginalMrpc(
  folder: string,
  split: GlueSplit,
): Promise<GlueTable | undefined> {
  const idFiles = [mrpcOriginals.devIds, 'dev_ids.tsv'];
  const devIds = split === 'test' ? undefined : await firstFile(folder, idFiles);
  const standsIn = split === 'dev' && devIds === undefined;
  const name = split === 'test' || standsIn ? mrpcOriginals.test : mrpcOriginals.train;
  const file = await firstFile(folder, [name]);
  if (file === undefined) return undefined;
  const table = parseTsv(await readText(file), { file });
  if (devIds === undefined) {
    const note = standsIn
      ? `no ${mrpcOriginals.devIds} in ${folder}: dev is ${name}, MRPC's own test split`
      : `no ${mrpcOriginals.devIds} in ${folder}: train is all of ${name}, GLUE's dev rows included`;
    return { table, files: [file], notes: split === 'test' ? [] : [note] };
  }
  const chosen = await readPairIds(devIds);
  const idPlaces = ['#1 ID', '#2 ID'].map((column) => placeOf(table, column, file));
  const rows = table.rows.filter(({ fields }) => {
    const listed = chosen.has(idPlaces.map((place) => fields[place]).join('\t'));
    return listed === (split === 'dev');
  });
  if (rows.length === 0) {
    throw new DataError(devIds, `leaves no ${split} rows of the ${table.rows.length} in ${file}`);
  }
  return { table: { ...table, rows }, files: [file, devIds], notes: [] };
}

async function readPairIds(file: string): Promise<Set<string>> {
  const { rows } = parseTsv(await readText(file), { file, headless: ['#1 ID', '#2 ID'] });
  return new Set(rows.map(({ fields }) => fields.join('\t')));
}

function placeOf(table: TsvTable, column: string, file: string): number {
  const place = table.columns.indexOf(column);
  if (place === -1) {
    throw new DataError(
      file,
      `no column '${column}': it has ${excerpt(table.columns.join(', '))}`,
      1,
    );
  }
  return place;
}
