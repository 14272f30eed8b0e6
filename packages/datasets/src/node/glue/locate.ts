import { readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { DataError, UsageError } from '@sketchgrad/core';
import { type GlueTask, glueTasks } from '../../glue/tasks.js';
import { reasonOf } from '../../text.js';
import { kindOfPath } from '../files.js';

/**
 * The folder of a task's files: the one of that name within GLUE's root, or else `directory` itself.
 * Spelling of case, hyphens and underscores does not matter (`SST-2`, `sst2`); the diagnostic set may
 * be in `AX` or `diagnostic` or lie in the root.
 *
 * @throws DataError where `directory` does not exist; UsageError where it is another task's folder
 */
export async function locateTask(task: GlueTask, directory: string): Promise<string> {
  if ((await kindOfPath(directory)) !== 'folder') {
    throw new DataError(
      directory,
      `no such folder: expected GLUE's root, with ${task.folder} in it, or ${task.folder} itself`,
    );
  }
  const wanted = folderNames(task);
  const inside = await entriesOf(directory);
  for (const name of wanted) {
    for (const entry of inside) {
      const path = join(directory, entry);
      if (plain(entry) === name && (await kindOfPath(path)) === 'folder') return path;
    }
  }
  const own = plain(basename(resolve(directory)));
  const owner = Object.values(glueTasks).find((other) => folderNames(other).includes(own));
  if (owner !== undefined && owner !== task) {
    throw new UsageError(
      `${directory} holds the task ${owner.name}, but ${task.name} was asked for: expected GLUE's root or its folder ${task.folder}`,
    );
  }
  return directory;
}

/** The first of `names` that is a file in `folder`; undefined where none is. */
export async function firstFile(
  folder: string,
  names: readonly string[],
): Promise<string | undefined> {
  for (const name of names) {
    const path = join(folder, name);
    if ((await kindOfPath(path)) === 'file') return path;
  }
  return undefined;
}

function folderNames(task: GlueTask): string[] {
  const names = [plain(task.folder), plain(task.name)];
  if (task.name === 'ax') names.push('diagnostic', 'diagnostics');
  return names;
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[-_ ]/g, '');
}

/** What a folder has in it, in order. @throws DataError where it cannot be listed */
export async function entriesOf(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (cause) {
    throw new DataError(directory, `cannot be listed (${reasonOf(cause)})`, undefined, { cause });
  }
}
