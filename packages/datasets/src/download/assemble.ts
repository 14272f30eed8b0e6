import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '@sketchgrad/core';
import { makeDirectory } from '@sketchgrad/core/node';
import { reasonOf } from '../files.js';

/** How far a download has come. */
export interface DownloadProgress {
  readonly url: string;
  readonly receivedBytes: number;
  /** Bytes in all; undefined where the server does not say. */
  readonly totalBytes: number | undefined;
}

/** How data is downloaded. */
export interface DownloadOptions {
  /** The address that the published paths are below; the public one unless given. */
  readonly baseUrl?: string;
  /** Called each time that bytes come in. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Breaks the download off; nothing of it stays. */
  readonly signal?: AbortSignal;
}

/** Where a folder is put together. */
export interface Assembly {
  /** For what is needed on the way. */
  readonly temporary: string;
  /** The folder as it is going to be. */
  readonly assembled: string;
}

/**
 * Makes a folder that is there whole or not at all: it is filled in a temporary folder beside it and
 * renamed at the end.
 *
 * @param directory made where it does not exist
 * @param name the folder's name within `directory`, where nothing may have that name
 * @returns the folder
 * @throws DataError where `directory` cannot be written to; whatever `fill` throws
 */
export async function assembleFolder(
  directory: string,
  name: string,
  fill: (assembly: Assembly) => Promise<void>,
): Promise<string> {
  const temporary = await temporaryFolder(directory, name);
  try {
    const assembled = join(temporary, name);
    await mkdir(assembled);
    await fill({ temporary, assembled });
    const folder = join(directory, name);
    await rename(assembled, folder);
    return folder;
  } finally {
    await rm(temporary, { recursive: true, force: true });
  }
}

/** An address below another. */
export function addressBelow(baseUrl: string, path: string): string {
  return new URL(path, baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`).href;
}

async function temporaryFolder(directory: string, name: string): Promise<string> {
  try {
    await makeDirectory(directory);
    return await mkdtemp(join(directory, `.download-${name}-`));
  } catch (cause) {
    throw new DataError(directory, `cannot be written to (${reasonOf(cause)})`, undefined, {
      cause,
    });
  }
}
