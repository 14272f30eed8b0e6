import type { FileHandle } from 'node:fs/promises';
import {
  byteLength,
  DataError,
  describeValue,
  SketchgradError,
  UsageError,
} from '@sketchgrad/core';
import { explainSystemError } from '@sketchgrad/core/node';
import type { Checkpoint, TensorEntry } from '../checkpoints/checkpoint-store.js';
import { type FileSystem, nodeFileSystem } from './file-system.js';
import {
  allocate,
  bytesOf,
  CHUNK_BYTES,
  DIGEST_BYTES,
  decodeHeader,
  decodePreamble,
  fileBytes,
  PREAMBLE_BYTES,
  tensorHash,
  tensorsOffset,
} from './format.js';

/** A checkpoint in an open file. */
export interface FileCheckpoint extends Checkpoint {
  /**
   * Reads every tensor without keeping it.
   *
   * @throws DataError naming the first one that is damaged
   */
  verify(): Promise<void>;
  close(): Promise<void>;
}

async function readInto(
  handle: FileHandle,
  file: string,
  into: Uint8Array,
  position: number,
): Promise<void> {
  for (let at = 0; at < into.length; ) {
    const length = Math.min(CHUNK_BYTES, into.length - at);
    const { bytesRead } = await handle.read(into, at, length, position + at);
    if (bytesRead === 0) throw new DataError(file, `ends after ${position + at} bytes`);
    at += bytesRead;
  }
}

/** Errors of the file system become a DataError that names the file. */
async function named<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof SketchgradError) throw error;
    throw new DataError(file, `cannot be read: ${explainSystemError(error)}`, undefined, {
      cause: error,
    });
  }
}

async function readHeader(handle: FileHandle, file: string) {
  const { size } = await handle.stat();
  if (size < PREAMBLE_BYTES) {
    throw new DataError(file, `is not a checkpoint: it has only ${size} bytes`);
  }
  const preamble = Buffer.alloc(PREAMBLE_BYTES);
  await readInto(handle, file, preamble, 0);
  const headerBytes = decodePreamble(file, preamble);
  const checkSize = (expected: number) => {
    if (size < expected) {
      throw new DataError(file, `is truncated: it has ${size} of at least ${expected} bytes`);
    }
  };
  checkSize(tensorsOffset(headerBytes));
  const start = Buffer.alloc(tensorsOffset(headerBytes));
  await readInto(handle, file, start, 0);
  const header = decodeHeader(file, start);
  const expected = fileBytes(headerBytes, header.tensors);
  checkSize(expected);
  if (size > expected) {
    throw new DataError(file, `is damaged: it has ${size} bytes, but should have ${expected}`);
  }
  return { header, offset: tensorsOffset(headerBytes) };
}

/**
 * Opens a checkpoint and reads its header. Close it when done.
 *
 * @throws DataError where the file is missing, not a checkpoint, truncated or has a damaged header
 */
export async function openCheckpoint(
  file: string,
  fileSystem: FileSystem = nodeFileSystem,
): Promise<FileCheckpoint> {
  const handle = await named(file, () => fileSystem.open(file, 'r'));
  try {
    const { header, offset } = await named(file, () => readHeader(handle, file));
    return checkpointOf(handle, file, header, offset);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

function checkpointOf(
  handle: FileHandle,
  file: string,
  { progress, version, tensors }: ReturnType<typeof decodeHeader>,
  offset: number,
): FileCheckpoint {
  const places = new Map<string, { entry: TensorEntry; position: number }>();
  let position = offset;
  for (const entry of tensors) {
    places.set(entry.name, { entry, position });
    position += byteLength(entry) + DIGEST_BYTES;
  }

  /** Takes a tensor's bytes into buffers of the caller's choice, and compares the checksum. */
  async function take(name: string, buffers: (bytes: number) => Iterable<Uint8Array>) {
    const { entry, position } = places.get(name)!;
    const hash = tensorHash(entry);
    let at = position;
    for (const buffer of buffers(byteLength(entry))) {
      await readInto(handle, file, buffer, at);
      hash.update(buffer);
      at += buffer.length;
    }
    const digest = Buffer.alloc(DIGEST_BYTES);
    await readInto(handle, file, digest, at);
    if (!hash.digest().equals(digest)) {
      throw new DataError(
        file,
        `is damaged: the checksum of tensor ${describeValue(name)} is wrong`,
      );
    }
  }

  return {
    file,
    progress,
    version,
    tensors,
    async read(name) {
      const place = places.get(name);
      if (place === undefined) throw new UsageError(`${file} holds no tensor '${name}'`);
      const data = allocate(place.entry);
      await named(file, () => take(name, () => [bytesOf(data)]));
      return data;
    },
    async verify() {
      const buffer = Buffer.alloc(CHUNK_BYTES);
      function* chunks(bytes: number) {
        for (let from = 0; from < bytes; from += CHUNK_BYTES) {
          yield buffer.subarray(0, Math.min(CHUNK_BYTES, bytes - from));
        }
      }
      for (const { name } of tensors) await named(file, () => take(name, chunks));
    },
    close: () => handle.close(),
  };
}
