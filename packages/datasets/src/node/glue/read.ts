import { checkText, DataError } from '@sketchgrad/core';
import {
  checkGlueSplit,
  type GlueExamples,
  type GlueTable,
  glueExamples,
  glueTable,
} from '../../glue/parse.js';
import { type GlueSplit, type GlueTask, glueTask } from '../../glue/tasks.js';
import { excerpt } from '../../text.js';
import { readText } from '../files.js';
import { entriesOf, firstFile, locateTask } from './locate.js';
import { mrpcOriginals, readOriginalMrpc } from './mrpc.js';

/**
 * Reads a split of a GLUE task from its folder, as `parseGlue` reads it from a text. MRPC may also be in
 * the files that it was published as.
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
  checkGlueSplit(task, split);
  return glueExamples(task, split, await findTable(task, split, directory));
}

async function findTable(task: GlueTask, split: GlueSplit, directory: string): Promise<GlueTable> {
  const folder = await locateTask(task, directory);
  const { names } = task.splits[split]!;
  const file = await firstFile(folder, names);
  if (file !== undefined) return glueTable(task, split, await readText(file), file);
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
