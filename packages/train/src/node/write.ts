import { formatType, UsageError } from '@sketchgrad/core';
import { type Append, writeThenRename } from '@sketchgrad/core/node';
import type { TensorSource } from '../checkpoints/checkpoint-store.js';
import type { TrainingProgress } from '../checkpoints/progress.js';
import type { FileSystem } from './file-system.js';
import { bytesOf, CHUNK_BYTES, encodeHeader, holds, tensorHash } from './format.js';

/** What the name of a checkpoint that is still being written ends in. */
export const PARTIAL = '.partial';

async function writeTensor(append: Append, source: TensorSource): Promise<void> {
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
    await append(chunk);
  }
  await append(hash.digest());
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
  await writeThenRename(
    file,
    async (append) => {
      await append(header);
      for (const source of sources) await writeTensor(append, source);
    },
    { temporary: file + PARTIAL, fileSystem },
  );
}
