import { type FileHandle, open } from 'node:fs/promises';
import { DataError } from '@sketchgrad/core';
import { excerpt, reasonOf } from '../files.js';
import type { NodeFeatures } from './dataset.js';
import { halves } from './half.js';
import { allocated } from './matrix-sink.js';
import { requireFile } from './read-numbers.js';

const pieceBytes = 1 << 18;

interface Dtype {
  readonly bytes: number;
  readonly read: (view: DataView, offset: number) => number;
}

const dtypes: Readonly<Record<string, Dtype>> = {
  '<f2': { bytes: 2, read: (view, offset) => halves()[view.getUint16(offset, true)]! },
  '<f4': { bytes: 4, read: (view, offset) => view.getFloat32(offset, true) },
  '<f8': { bytes: 8, read: (view, offset) => view.getFloat64(offset, true) },
};

interface Header {
  readonly dtype: Dtype;
  readonly rows: number;
  readonly columns: number;
  /** Where the numbers begin. */
  readonly dataOffset: number;
}

/**
 * Reads a matrix of features from NumPy's file format (NEP 1, versions 1 to 3): f16, f32 or f64,
 * little-endian, row by row. One piece of the file is in memory at a time.
 *
 * @throws DataError where the file is missing, not of that form, shorter or longer than it says, or
 *   holds what is no finite f32
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
    const header = await readHeader(handle, file);
    await refuseWrongSize(handle, file, header);
    return await readData(handle, file, header);
  } finally {
    await handle.close();
  }
}

async function readHeader(handle: FileHandle, file: string): Promise<Header> {
  const start = new Uint8Array(12);
  const got = await readAt(handle, start, 0);
  const view = new DataView(start.buffer);
  const isNpy = got === 12 && start[0] === 0x93 && ascii(start.subarray(1, 6)) === 'NUMPY';
  if (!isNpy) throw new DataError(file, 'is not a NumPy file: its first bytes are not \\x93NUMPY');
  const [textOffset, length] =
    start[6] === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const bytes = new Uint8Array(Math.min(length, 1 << 16));
  const text = ascii(bytes.subarray(0, await readAt(handle, bytes, textOffset)));
  const fields = fieldsOf(text);
  const [descr, shape] = [fields?.get('descr'), fields?.get('shape')];
  if (descr === undefined || shape === undefined) {
    throw new DataError(
      file,
      `its header is '${excerpt(text.trim())}': expected 'descr' and 'shape'`,
    );
  }
  const dtype = dtypes[descr];
  if (dtype === undefined) {
    const known = Object.keys(dtypes).join(', ');
    throw new DataError(file, `its numbers are '${excerpt(descr)}': expected one of ${known}`);
  }
  const sizes = shape.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)]));
  const [rows, columns] = sizes;
  if (sizes.length !== 2 || rows === undefined || !columns) {
    throw new DataError(file, `its shape is (${excerpt(shape)}): expected (nodes, features)`);
  }
  if (fields?.get('fortran_order') !== 'False') {
    throw new DataError(file, 'is stored column by column: expected rows (fortran_order False)');
  }
  return { dtype, rows, columns, dataOffset: textOffset + length };
}

/** What a header says, by key, as text; undefined where it is not what NEP 1 writes, from end to end. */
function fieldsOf(header: string): ReadonlyMap<string, string> | undefined {
  const body = /^\{(.*)\}\s*$/s.exec(header)?.[1]?.trimEnd();
  if (body === undefined) return undefined;
  const fields = new Map<string, string>();
  const field =
    /\s*'(descr|fortran_order|shape)'\s*:\s*(?:'([^']*)'|(True|False)|\(([\d, ]*)\))\s*(?:,|$)/y;
  while (field.lastIndex < body.length) {
    const found = field.exec(body);
    if (found === null || fields.has(found[1]!)) return undefined;
    fields.set(found[1]!, (found[2] ?? found[3] ?? found[4])!);
  }
  return fields;
}

async function refuseWrongSize(handle: FileHandle, file: string, header: Header): Promise<void> {
  const { dtype, rows, columns, dataOffset } = header;
  const expected = dataOffset + rows * columns * dtype.bytes;
  const { size } = await handle.stat();
  if (size === expected) return;
  throw new DataError(
    file,
    `has ${size} bytes: expected ${expected} for ${rows} × ${columns} numbers of ${dtype.bytes} bytes`,
  );
}

async function readData(handle: FileHandle, file: string, header: Header): Promise<NodeFeatures> {
  const { dtype, rows, columns, dataOffset } = header;
  const data = allocated(file, () => new Float32Array(rows * columns));
  const piece = new Uint8Array(pieceBytes);
  const view = new DataView(piece.buffer);
  for (let element = 0; element < data.length; ) {
    const got = await readAt(handle, piece, dataOffset + element * dtype.bytes);
    const elements = Math.min(Math.floor(got / dtype.bytes), data.length - element);
    if (elements === 0) throw new DataError(file, 'became shorter while it was read');
    for (let at = 0; at < elements; at++, element++) {
      const value = Math.fround(dtype.read(view, at * dtype.bytes));
      if (!Number.isFinite(value)) {
        const place = `node ${Math.floor(element / columns)}, column ${(element % columns) + 1}`;
        throw new DataError(file, `${place} is ${value} as f32: expected a finite number`);
      }
      data[element] = value;
    }
  }
  return { rows, columns, data };
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

function ascii(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}
