import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DataError } from '@sketchgrad/core';
import { openPromise } from 'yauzl';
import { reasonOf } from '../files.js';

/**
 * Takes files out of a zip archive: those named `folder/name` for one of `names`, written as `name`
 * into an existing folder; a name may have folders in it. Other entries are passed over, but one whose path leads out of the archive
 * (`../`, an absolute path) condemns all of it.
 *
 * @param origin what errors name as the archive
 * @throws DataError on what is not a zip archive, is damaged, has such a path, or lacks one of the files
 */
export async function unzipFiles(
  archive: string,
  { folder, names, into, origin }: UnzipOptions,
): Promise<void> {
  const missing = new Set(names);
  try {
    const zip = await openPromise(archive);
    try {
      for await (const entry of zip.eachEntry()) {
        const name = names.find((wanted) => entry.fileName === `${folder}/${wanted}`);
        if (name === undefined) continue;
        const content = await zip.openReadStreamPromise(entry);
        const file = join(into, name);
        await mkdir(dirname(file), { recursive: true });
        await pipeline(content, createWriteStream(file, { flags: 'wx' }));
        missing.delete(name);
      }
    } finally {
      zip.close();
    }
  } catch (cause) {
    throw new DataError(origin, `is not a usable zip archive (${reasonOf(cause)})`, undefined, {
      cause,
    });
  }
  if (missing.size > 0) {
    const files = [...missing].map((name) => `${folder}/${name}`).join(', ');
    throw new DataError(origin, `the archive lacks ${files}`);
  }
}

/** What to take out of an archive, and where to put it. */
export interface UnzipOptions {
  readonly folder: string;
  readonly names: readonly string[];
  readonly into: string;
  readonly origin: string;
}
