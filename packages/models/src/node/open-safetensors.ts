import { checkText } from '@sketchgrad/core';
import { readSafetensors, type TensorStore } from '../safetensors/read.js';
import { openFile } from './file-source.js';

/**
 * Opens a safetensors file (https://github.com/huggingface/safetensors#format). Only its header is
 * read now; each tensor is read when it is asked for.
 *
 * @throws DataError where the file is missing, truncated, or not a valid safetensors file.
 */
export async function openSafetensors(path: string): Promise<TensorStore> {
  checkText('path', path);
  const source = await openFile(path);
  try {
    return await readSafetensors(source);
  } catch (error) {
    await source.close();
    throw error;
  }
}
