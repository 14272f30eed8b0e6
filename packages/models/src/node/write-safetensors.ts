import { checkOptions, checkText } from '@sketchgrad/core';
import {
  type FloatTensor,
  formatSafetensors,
  type RawTensor,
  type WriteOptions,
} from '../safetensors/write.js';
import { writeFileAtomically } from './atomic-file.js';

/**
 * Writes a safetensors file. `path` is replaced only when the file is complete and on the disk; on
 * any failure it stays as it was.
 *
 * @throws UsageError for two tensors of one name, a shape that does not fit the data, or a value
 *   too large for the dtype; DataError where the file cannot be written.
 */
export async function writeSafetensors(
  path: string,
  tensors: Iterable<FloatTensor | RawTensor>,
  options: WriteOptions = {},
): Promise<void> {
  checkText('path', path);
  checkOptions('writeSafetensors', options, { dtype: true, metadata: true });
  const { chunks } = formatSafetensors(path, tensors, options);
  await writeFileAtomically(path, async (append) => {
    for await (const chunk of chunks()) await append(chunk);
  });
}
