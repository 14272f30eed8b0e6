import { type FileHandle, open } from 'node:fs/promises';
import { DataError } from '@sketchgrad/core';
import type { NodeFeatures } from '../../graphs/dataset.js';
import {
  featuresFor,
  fillFeatures,
  mostHeaderBytes,
  type NpyHeader,
  npyHeader,
  refuseWrongSize,
} from '../../graphs/npy.js';
import { reasonOf } from '../../text.js';
import { requireFile } from '../files.js';

const pieceBytes = 1 << 18;

/**
 * Reads a matrix of features from a file in NumPy's format, as `parseNpy` does from bytes. One piece of
 * the file is in memory at a time.
 *
 * @throws DataError where the file is missing, and as `parseNpy` does
 */
export async function readNpy(file: string): Promise<NodeFeatures> {
  await requireFile(file);
  let handle: FileHandle;
  try {
    handle = await open(file);
  } catch (cause) {
    throw new DataError(file, `cannot be read (${reasonOf(cause)})`, undefined, { cause });
  }
  try {
    const start = new Uint8Array(mostHeaderBytes);
    const header = npyHeader(start.subarray(0, await readAt(handle, start, 0)), file);
    refuseWrongSize((await handle.stat()).size, header, file);
    return await readData(handle, file, header);
  } finally {
    await handle.close();
  }
}

async function readData(
  handle: FileHandle,
  file: string,
  header: NpyHeader,
): Promise<NodeFeatures> {
  const features = featuresFor(header, file);
  const piece = new Uint8Array(pieceBytes);
  for (let element = 0; element < features.data.length; ) {
    const got = await readAt(handle, piece, header.dataOffset + element * header.dtype.bytes);
    const next = fillFeatures(features, element, piece.subarray(0, got), header, file);
    if (next === element) throw new DataError(file, 'became shorter while it was read');
    element = next;
  }
  return features;
}

// A read may give less than there is; this one gives less only at the end of the file.
async function readAt(handle: FileHandle, into: Uint8Array, position: number): Promise<number> {
  let got = 0;
  while (got < into.length) {
    const { bytesRead } = await handle.read(into, got, into.length - got, position + got);
    if (bytesRead === 0) break;
    got += bytesRead;
  }
  return got;
}
