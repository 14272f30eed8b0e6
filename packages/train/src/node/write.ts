import type { FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { formatType, UsageError } from '@sketchgrad/core';
import type { TensorSource } from '../checkpoints/checkpoint-store.js';
import type { TrainingProgress } from '../checkpoints/progress.js';
import { type FileSystem, syncDirectory } from './file-system.js';
import { bytesOf, CHUNK_BYTES, encodeHeader, holds, tensorHash } from './format.js';

/** What the name of a checkpoint that is still being written ends in. */
export const PARTIAL = '.partial';

/** A write may take fewer bytes than it was given. */
async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let from = 0; from < bytes.length; ) {
    const { bytesWritten } = await handle.write(bytes, from, bytes.length - from);
    from += bytesWritten;
  }
}

async function writeTensor(handle: FileHandle, source: TensorSource): Promise<void> {
  const data = await source.read();
  if (!holds(source, data)) {
    throw new UsageError(
      `tensor '${source.name}' should be ${formatType(source)}, ` +
        `but a ${data.constructor.name} of ${data.length} elements was read`,
    );
  }
  const bytes = bytesOf(data);
  const hash = tensorHash(source);
  for (let from = 0; from < bytes.length; from += CHUNK_BYTES) {
    const chunk = bytes.subarray(from, from + CHUNK_BYTES);
    hash.update(chunk);
    await writeAll(handle, chunk);
  }
  await writeAll(handle, hash.digest());
}

/**
 * Writes a checkpoint in one step as others see it: under `file` there is what was there before,
 * or the whole checkpoint, whenever the process or the machine stops. Tensors are asked for one by
 * one, so that no second copy of them all is ever in memory.
 *
 * What a failed write leaves is `file` + `PARTIAL`, for the caller to remove.
 *
 * @throws UsageError where the progress is not finite or a tensor is not of the size it claims
 * @throws the file system's error where a call fails
 */
export async function writeCheckpoint(
  fileSystem: FileSystem,
  file: string,
  progress: TrainingProgress,
  sources: readonly TensorSource[],
): Promise<void> {
  const tensors = sources.map(({ name, dtype, shape }) => ({ name, dtype, shape }));
  const header = encodeHeader({ progress, tensors });
  const handle = await fileSystem.open(file + PARTIAL, 'w');
  try {
    await writeAll(handle, header);
    for (const source of sources) await writeTensor(handle, source);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await fileSystem.rename(file + PARTIAL, file);
  await syncDirectory(fileSystem, dirname(file));
}
