import { type FileHandle, open } from 'node:fs/promises';
import { DataError } from '@sketchgrad/core';
import { explainSystemError } from '@sketchgrad/core/node';
import type { ByteSource } from '../safetensors/byte-source.js';

/**
 * Opens a file for positioned reads.
 *
 * @throws DataError where there is no such file or it cannot be read.
 */
export async function openFile(path: string): Promise<ByteSource> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'r');
  } catch (cause) {
    const reason = explainSystemError(cause);
    throw new DataError(path, `cannot be opened: ${reason}`, undefined, { cause });
  }
  try {
    const stats = await handle.stat();
    if (!stats.isFile()) throw new DataError(path, 'is not a file');
    return {
      name: path,
      size: stats.size,
      read: (offset, target) => readFully(path, handle, offset, target),
      close: () => handle.close(),
    };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** A read may return fewer bytes than it was asked for, and never more than 2 GiB. */
const BYTES_PER_READ = 1 << 30;

async function readFully(path: string, handle: FileHandle, offset: number, target: Uint8Array) {
  let done = 0;
  while (done < target.byteLength) {
    const wanted = Math.min(target.byteLength - done, BYTES_PER_READ);
    const { bytesRead } = await handle.read(target, done, wanted, offset + done);
    if (bytesRead === 0) {
      throw new DataError(
        path,
        `ends at byte ${offset + done}, where ${target.byteLength - done} more were expected`,
      );
    }
    done += bytesRead;
  }
}
