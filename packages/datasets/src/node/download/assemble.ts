import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, UsageError } from '@sketchgrad/core';
import { makeDirectory } from '@sketchgrad/core/node';
import { reasonOf } from '../../text.js';
import type { FetchOptions } from './fetch-file.js';

/** How far a download has come. */
export interface DownloadProgress {
  readonly url: string;
  readonly receivedBytes: number;
  /** Bytes in all; undefined where the server does not say. */
  readonly totalBytes: number | undefined;
}

/** How data is downloaded. */
export interface DownloadOptions {
  /**
   * The address that the published paths are below; the public one unless given. What comes from
   * there has to be what was published, by its SHA-256; what comes from another place may be another
   * version.
   */
  readonly baseUrl?: string;
  /** Called each time that bytes come in. */
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** Breaks the download off; nothing of it stays. */
  readonly signal?: AbortSignal;
  /** Seconds without a byte after which a download is given up, from above 0 to 300. Default 60. */
  readonly idleSeconds?: number;
  /** The most bytes that a file may have, and what is unpacked of it. Default 4 GiB. */
  readonly maxBytes?: number;
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

/**
 * How files of a download are fetched.
 *
 * @throws UsageError on a time or a size that is out of range
 */
export function fetchOptionsOf(
  url: string,
  { onProgress, signal, idleSeconds = 60, maxBytes = 2 ** 32 }: DownloadOptions,
): FetchOptions & { readonly maxBytes: number } {
  // Node's own fetch gives up after 300 s.
  if (!(idleSeconds > 0 && idleSeconds <= 300)) {
    throw new UsageError(`idleSeconds is ${idleSeconds}: expected a number above 0, 300 at most`);
  }
  if (!(maxBytes > 0)) throw new UsageError(`maxBytes is ${maxBytes}: expected a number above 0`);
  return {
    idleSeconds,
    maxBytes,
    ...(signal && { signal }),
    ...(onProgress && {
      onProgress: (receivedBytes, totalBytes) => onProgress({ url, receivedBytes, totalBytes }),
    }),
  };
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
