import { checkText } from '@sketchgrad/core';
import { type GlueSplit, glueTask } from '../../glue/tasks.js';
import { firstFile, locateTask } from './locate.js';
import { mrpcOriginals } from './mrpc.js';

/**
 * Whether a split of a GLUE task is there to be read by `readGlue`: not all of them are handed on.
 *
 * @param directory GLUE's root, or the task's own folder
 * @throws UsageError on an unknown task; DataError on a missing folder
 */
export async function hasGlueSplit(
  name: string,
  split: GlueSplit,
  directory: string,
): Promise<boolean> {
  const task = glueTask(name);
  checkText('directory', directory);
  const folder = await locateTask(task, directory);
  const names = [
    ...(task.splits[split]?.names ?? []),
    ...(task.name === 'mrpc' ? originalsOf(split) : []),
  ];
  return (await firstFile(folder, names)) !== undefined;
}

/** The files that MRPC was published in, any of which a split can be put together from. */
const originalsOf = (split: GlueSplit): string[] => [
  ...(split === 'test' ? [] : [mrpcOriginals.train]),
  ...(split === 'train' ? [] : [mrpcOriginals.test]),
];
