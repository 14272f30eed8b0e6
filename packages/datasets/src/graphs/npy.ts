import { DataError, describeValue, UsageError } from '@sketchgrad/core';
import { excerpt } from '../text.js';
import type { NodeFeatures } from './dataset.js';
import { halves } from './half.js';
import { allocated } from './matrix-sink.js';

interface Dtype {
  readonly bytes: number;
  readonly read: (view: DataView, offset: number) => number;
}

const dtypes: Readonly<Record<string, Dtype>> = {
  '<f2': { bytes: 2, read: (view, offset) => halves()[view.getUint16(offset, true)]! },
  '<f4': { bytes: 4, read: (view, offset) => view.getFloat32(offset, true) },
  '<f8': { bytes: 8, read: (view, offset) => view.getFloat64(offset, true) },
};

/** What a NumPy file says of the matrix in it. */
export interface NpyHeader {
  readonly dtype: Dtype;
  readonly rows: number;
  readonly columns: number;
  /** Where the numbers begin, in bytes. */
  readonly dataOffset: number;
}

/** Bytes of a file's beginning that its header is in, where it has one. */
export const mostHeaderBytes = 12 + (1 << 16);

/**
 * A matrix of features from the bytes of NumPy's file format (NEP 1, versions 1 to 3): f16, f32 or f64,
 * little-endian, row by row.
 *
 * @param file what errors call it
 * @throws UsageError for what are no bytes; DataError where they are not of that form, fewer or more than
 *   they say, or hold what is no finite f32
 */
export function parseNpy(bytes: Uint8Array, file = 'the NumPy file'): NodeFeatures {
  if (!(bytes instanceof Uint8Array))
    throw new UsageError(`bytes must be a Uint8Array, but it is ${describeValue(bytes)}`);
  const header = npyHeader(bytes.subarray(0, mostHeaderBytes), file);
  refuseWrongSize(bytes.length, header, file);
  const features = featuresFor(header, file);
  fillFeatures(features, 0, bytes.subarray(header.dataOffset), header, file);
  return features;
}

/**
 * @param start the first {@link mostHeaderBytes} of the file, or all of it where it is shorter
 * @throws DataError where they do not begin a matrix of features
 */
export function npyHeader(start: Uint8Array, file: string): NpyHeader {
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const isNpy = start.length >= 12 && start[0] === 0x93 && ascii(start.subarray(1, 6)) === 'NUMPY';
  if (!isNpy) throw new DataError(file, 'is not a NumPy file: its first bytes are not \\x93NUMPY');
  const [textOffset, length] =
    start[6] === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  const text = ascii(start.subarray(textOffset, textOffset + Math.min(length, 1 << 16)));
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

/** @throws DataError where a file has another size than its header says */
export function refuseWrongSize(size: number, header: NpyHeader, file: string): void {
  const { dtype, rows, columns, dataOffset } = header;
  const expected = dataOffset + rows * columns * dtype.bytes;
  if (size === expected) return;
  throw new DataError(
    file,
    `has ${size} bytes: expected ${expected} for ${rows} × ${columns} numbers of ${dtype.bytes} bytes`,
  );
}

/** Room for what a file says that it holds. @throws DataError where that is more than an array can be */
export function featuresFor({ rows, columns }: NpyHeader, file: string): NodeFeatures {
  const data = allocated(file, () => new Float32Array(rows * columns));
  return { rows, columns, data };
}

/**
 * Puts the numbers of a piece of a file where they belong.
 *
 * @param first which number the piece begins with
 * @param piece whole numbers; what is left over at its end is passed over
 * @returns which number comes next
 * @throws DataError at what is no finite f32
 */
export function fillFeatures(
  { columns, data }: NodeFeatures,
  first: number,
  piece: Uint8Array,
  { dtype }: NpyHeader,
  file: string,
): number {
  const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
  const elements = Math.min(Math.floor(piece.length / dtype.bytes), data.length - first);
  for (let at = 0; at < elements; at++) {
    const value = Math.fround(dtype.read(view, at * dtype.bytes));
    const element = first + at;
    if (!Number.isFinite(value)) {
      const place = `node ${Math.floor(element / columns)}, column ${(element % columns) + 1}`;
      throw new DataError(file, `${place} is ${value} as f32: expected a finite number`);
    }
    data[element] = value;
  }
  return first + elements;
}

function ascii(bytes: Uint8Array): string {
  return new TextDecoder('latin1').decode(bytes);
}
