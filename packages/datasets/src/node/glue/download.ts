import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { checkText, DataError } from '@sketchgrad/core';
import { type GlueSplit, type GlueTask, glueTask } from '../../glue/tasks.js';
import { reasonOf } from '../../text.js';
import {
  type Assembly,
  addressBelow,
  assembleFolder,
  type DownloadOptions,
  fetchOptionsOf,
} from '../download/assemble.js';
import { fetchFile } from '../download/fetch-file.js';
import { unzipFiles } from '../download/unzip.js';
import { kindOfPath } from '../files.js';
import { readGlue } from './read.js';
import { type GlueSource, glueBaseUrl, glueSources } from './sources.js';

/**
 * Downloads a GLUE task into its folder within `directory`, unless it is there already. Everything is
 * fetched, unpacked and read once in a temporary folder beside it, which is renamed at the end: the
 * task's folder is there whole, or not at all.
 *
 * @param name the task; for `ax`, whose models learn from `mnli`, that has to be downloaded too
 * @param directory GLUE's root; made where it does not exist
 * @returns the task's folder
 * @throws UsageError on an unknown task; DataError where there is no network, the server's answer is
 *   not whole, too large, not what was published or not the task's data, and where the folder exists but
 *   lacks files; the signal's reason where it is aborted
 */
export async function downloadGlue(
  name: string,
  directory: string,
  options: DownloadOptions = {},
): Promise<string> {
  const task = glueTask(name);
  checkText('directory', directory);
  const sources = glueSources[task.name];
  const folder = join(directory, task.folder);
  if (await isComplete(task, folder)) return folder;
  return assembleFolder(directory, task.folder, async (assembly) => {
    for (const source of sources) await obtain(task, source, assembly, options);
    await readOnce(task, assembly.assembled, sources, options);
  });
}

async function isComplete(task: GlueTask, folder: string): Promise<boolean> {
  const kind = await kindOfPath(folder);
  if (kind === 'nothing') return false;
  const present = kind === 'folder' ? await readdir(folder) : [];
  const missingOf = (files: readonly string[]) => files.filter((file) => !present.includes(file));
  // MRPC is published in other files than those of GLUE's layout, and either will do.
  const missing = [missingOf(publishedFiles(task)), missingOf(splitFiles(task))];
  if (missing.some((files) => files.length === 0)) return true;
  throw new DataError(
    folder,
    `exists but lacks ${missing[0]!.join(', ')}: move it away to download it anew`,
  );
}

function publishedFiles(task: GlueTask): string[] {
  const saved = glueSources[task.name].flatMap(({ saveAs }) => saveAs ?? []);
  return saved.length > 0 ? saved : splitFiles(task);
}

function splitFiles(task: GlueTask): string[] {
  return Object.values(task.splits).map(({ names }) => names[0]!);
}

async function obtain(
  task: GlueTask,
  source: GlueSource,
  { temporary, assembled }: Assembly,
  options: DownloadOptions,
): Promise<void> {
  const url = urlOf(source, options);
  const isArchive = source.saveAs === undefined;
  const file = isArchive ? join(temporary, 'archive.zip') : join(assembled, source.saveAs);
  const fetching = fetchOptionsOf(url, options);
  const { sha256, bytes } = source;
  const isPublic = options.baseUrl === undefined;
  await fetchFile(url, file, { ...fetching, ...(isPublic && { published: { sha256, bytes } }) });
  if (!isArchive) return;
  const { maxBytes } = fetching;
  const names = splitFiles(task);
  await unzipFiles(file, { folder: task.folder, names, into: assembled, origin: url, maxBytes });
}

// A proxy's log-in page comes with status 200 as well; reading what came tells them apart.
async function readOnce(
  task: GlueTask,
  folder: string,
  sources: readonly GlueSource[],
  options: DownloadOptions,
): Promise<void> {
  for (const split of Object.keys(task.splits) as GlueSplit[]) {
    options.signal?.throwIfAborted();
    try {
      await readGlue(task.name, split, folder);
    } catch (cause) {
      const urls = sources.map((source) => urlOf(source, options)).join(', ');
      throw new DataError(
        urls,
        `what came is not the ${split} split of ${task.name} (${reasonOf(cause)})`,
        undefined,
        { cause },
      );
    }
  }
}

function urlOf({ path }: GlueSource, { baseUrl = glueBaseUrl }: DownloadOptions): string {
  return addressBelow(baseUrl, path);
}
