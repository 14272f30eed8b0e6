import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DataError } from '@sketchgrad/core';
import { reasonOf } from '../files.js';

/** What is told while a file is on its way. */
export interface FetchOptions {
  readonly onProgress?: (receivedBytes: number, totalBytes: number | undefined) => void;
  readonly signal?: AbortSignal;
}

/**
 * Fetches a file to disk, a piece at a time.
 *
 * @param file where to write it; must not exist
 * @throws DataError that names the address where there is no answer, another status than 200, an empty
 *   body, or fewer bytes than announced; the signal's reason where it is aborted
 */
export async function fetchFile(
  url: string,
  file: string,
  { onProgress, signal }: FetchOptions,
): Promise<void> {
  const response = await answerOf(url, signal);
  const announced = response.headers.get('content-length');
  const totalBytes = announced === null ? undefined : Number(announced);
  let receivedBytes = 0;
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      receivedBytes += chunk.length;
      onProgress?.(receivedBytes, totalBytes);
      done(null, chunk);
    },
  });
  try {
    const body = response.body === null ? Readable.from([]) : Readable.fromWeb(response.body);
    await pipeline(body, counter, createWriteStream(file, { flags: 'wx' }));
  } catch (cause) {
    signal?.throwIfAborted();
    throw new DataError(
      url,
      `broke off after ${receivedBytes} of ${totalBytes ?? 'an unknown number of'} bytes (${detailedReason(cause)})`,
      undefined,
      { cause },
    );
  }
  if (receivedBytes === 0 || (totalBytes !== undefined && receivedBytes !== totalBytes)) {
    throw new DataError(url, `sent ${receivedBytes} bytes: expected ${totalBytes ?? 'some'}`);
  }
}

async function answerOf(url: string, signal: AbortSignal | undefined): Promise<Response> {
  let response: Response;
  try {
    // Not compressed on the way, so that the announced length is that of the file.
    const headers = { 'accept-encoding': 'identity' };
    response = await fetch(url, { headers, ...(signal && { signal }) });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new DataError(
      url,
      `no answer (${detailedReason(cause)}); where there is no network, get the file elsewhere and unpack it into the data folder`,
      undefined,
      { cause },
    );
  }
  if (response.status !== 200) {
    await response.body?.cancel();
    const status = `${response.status} ${response.statusText}`.trim();
    throw new DataError(url, `the server answered ${status}: expected 200 OK`);
  }
  return response;
}

// fetch says only `fetch failed` or `terminated`; what happened is in its cause.
function detailedReason(error: unknown): string {
  if (error instanceof Error && error.cause instanceof Error) {
    return `${reasonOf(error)}: ${reasonOf(error.cause)}`;
  }
  return reasonOf(error);
}
