import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { DataError } from '@sketchgrad/core';
import { reasonOf } from '../../text.js';
import { Patience } from './patience.js';

/** What a published file is known to be. */
export interface Published {
  /** SHA-256, in hexadecimal. */
  readonly sha256: string;
  /** Its size; undefined where it is not known. */
  readonly bytes?: number;
}

/** How a file is fetched, and what is told while it is on its way. */
export interface FetchOptions {
  readonly onProgress?: (receivedBytes: number, totalBytes: number | undefined) => void;
  readonly signal?: AbortSignal;
  /** Seconds without a byte after which it is given up. */
  readonly idleSeconds: number;
  /** The most bytes that it may have. */
  readonly maxBytes: number;
  /** What has to come; anything unless given. */
  readonly published?: Published;
}

/**
 * Fetches a file to disk, a piece at a time.
 *
 * @param file where to write it; must not exist
 * @throws DataError that names the address where there is no answer, no byte for too long, another
 *   status than 200, an empty body, fewer bytes than announced or more than there may be, or another
 *   file than the published one; the signal's reason where it is aborted
 */
export async function fetchFile(url: string, file: string, options: FetchOptions): Promise<void> {
  const { onProgress, signal, published } = options;
  const patience = new Patience(options.idleSeconds, signal);
  let receivedBytes = 0;
  let totalBytes: number | undefined;
  const hash = createHash('sha256');
  const counter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      patience.renew();
      receivedBytes += chunk.length;
      hash.update(chunk);
      if (receivedBytes > limitOf(options)) {
        done(tooLarge(url, receivedBytes, options));
        return;
      }
      onProgress?.(receivedBytes, totalBytes);
      done(null, chunk);
    },
  });
  try {
    const response = await answerOf(url, patience, options);
    totalBytes = announcedBytes(response);
    if (totalBytes !== undefined && totalBytes > limitOf(options)) {
      await response.body?.cancel();
      throw tooLarge(url, totalBytes, options);
    }
    const body = response.body === null ? Readable.from([]) : Readable.fromWeb(response.body);
    await pipeline(body, counter, createWriteStream(file, { flags: 'wx' }));
  } catch (cause) {
    signal?.throwIfAborted();
    if (cause instanceof DataError) throw cause;
    const reason = patience.isOver ? patience.reason : detailedReason(cause);
    const of = totalBytes ?? 'an unknown number of';
    throw new DataError(
      url,
      `broke off after ${receivedBytes} of ${of} bytes (${reason})`,
      undefined,
      {
        cause,
      },
    );
  } finally {
    patience.end();
  }
  if (receivedBytes === 0 || (totalBytes !== undefined && receivedBytes !== totalBytes)) {
    throw new DataError(url, `sent ${receivedBytes} bytes: expected ${totalBytes ?? 'some'}`);
  }
  if (published !== undefined) {
    refuseOther(url, { sha256: hash.digest('hex'), bytes: receivedBytes }, published);
  }
}

async function answerOf(url: string, patience: Patience, { signal }: FetchOptions) {
  let response: Response;
  try {
    // Not compressed on the way, so that the announced length is that of the file.
    const headers = { 'accept-encoding': 'identity' };
    response = await fetch(url, { headers, signal: patience.signal });
  } catch (cause) {
    signal?.throwIfAborted();
    const reason = patience.isOver ? patience.reason : detailedReason(cause);
    throw new DataError(
      url,
      `no answer (${reason}); where there is no network, get the file elsewhere and unpack it into the data folder`,
      undefined,
      { cause },
    );
  }
  patience.renew();
  if (response.status !== 200) {
    await response.body?.cancel();
    const status = `${response.status} ${response.statusText}`.trim();
    throw new DataError(url, `the server answered ${status}: expected 200 OK`);
  }
  return response;
}

function announcedBytes(response: Response): number | undefined {
  const announced = response.headers.get('content-length');
  return announced === null ? undefined : Number(announced);
}

function limitOf({ maxBytes, published }: FetchOptions): number {
  return Math.min(maxBytes, published?.bytes ?? maxBytes);
}

function tooLarge(url: string, bytes: number, options: FetchOptions): DataError {
  const limit = limitOf(options);
  const which = limit === options.published?.bytes ? 'as published' : 'the largest allowed';
  return new DataError(url, `has ${bytes} bytes or more: expected ${limit}, ${which}`);
}

function refuseOther(url: string, came: Required<Published>, published: Published): void {
  if (came.sha256 === published.sha256) return;
  throw new DataError(
    url,
    `is not the file that was published: its SHA-256 is ${came.sha256}, of ${came.bytes} bytes, and expected ${published.sha256}; it was damaged on the way, or replaced`,
  );
}

// fetch says only `fetch failed` or `terminated`; what happened is in its cause.
function detailedReason(error: unknown): string {
  if (error instanceof Error && error.cause instanceof Error) {
    return `${reasonOf(error)}: ${reasonOf(error.cause)}`;
  }
  return reasonOf(error);
}
