import { DataError } from '@sketchgrad/core';
import { parseJson } from '../json/parse-json.js';
import { excerpt, showValue } from '../json/show-value.js';
import { countElements, DTYPE_BITS, isDType, type TensorInfo } from './dtypes.js';

/** What a safetensors header says. */
export interface Header {
  /** By name, in the order of their bytes in the file. */
  readonly tensors: ReadonlyMap<string, TensorInfo>;
  /** The `__metadata__` entry: free text by name. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Bytes of the header's length, which come before the header. */
export const LENGTH_BYTES = 8;

/** The longest header that the format allows. */
const LONGEST_HEADER = 100_000_000;

/**
 * Reads the length of the header from the first eight bytes of a file.
 *
 * @throws DataError where the length does not fit the file or the format.
 */
export function parseHeaderLength(file: string, start: Uint8Array, fileBytes: number): number {
  const view = new DataView(start.buffer, start.byteOffset, start.byteLength);
  const length = view.getBigUint64(0, true);
  if (length > BigInt(LONGEST_HEADER)) {
    throw new DataError(
      file,
      `not a safetensors file: its first eight bytes give a header of ${length} bytes, ` +
        `the format allows at most ${LONGEST_HEADER}`,
    );
  }
  if (LENGTH_BYTES + Number(length) > fileBytes) {
    throw new DataError(
      file,
      `truncated: the header should end at byte ${LENGTH_BYTES + Number(length)}, ` +
        `the file has ${fileBytes} bytes`,
    );
  }
  return Number(length);
}

/**
 * Parses and checks a header. Every byte after the header must belong to exactly one tensor, as
 * the format demands.
 *
 * @param header the header's bytes, UTF-8 JSON
 * @param fileBytes the size of the whole file
 * @throws DataError naming the file, the tensor and the value that is wrong.
 */
export function parseHeader(file: string, header: Uint8Array, fileBytes: number): Header {
  const entries = parseObject(file, header);
  const metadata = parseMetadata(file, entries.__metadata__);
  const dataStart = LENGTH_BYTES + header.byteLength;
  const dataBytes = fileBytes - dataStart;
  const tensors = Object.entries(entries)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, entry]) => parseTensor(file, name, entry, dataStart, dataBytes))
    .sort((a, b) => a.offset - b.offset || a.bytes - b.bytes);
  checkCoverage(file, tensors, dataStart, fileBytes);
  return { tensors: new Map(tensors.map((tensor) => [tensor.name, tensor])), metadata };
}

/** The format's header begins with its brace; what may come behind it is space. */
const OPENING_BRACE = 0x7b;

function parseObject(file: string, header: Uint8Array): Record<string, unknown> {
  const what = 'not a safetensors file: the header ';
  const parsed = parseJson(file, header, { what, uniqueKeys: true });
  if (!isObject(parsed) || header[0] !== OPENING_BRACE)
    throw new DataError(file, `${what}is not a JSON object that begins with {`);
  return parsed;
}

function parseMetadata(file: string, metadata: unknown): Record<string, string> {
  if (metadata === undefined) return {};
  if (!isObject(metadata)) throw new DataError(file, '__metadata__ must be an object of strings');
  const texts = Object.entries(metadata).map(([key, value]): [string, string] => {
    if (typeof value === 'string') return [key, value];
    throw new DataError(
      file,
      `__metadata__.${excerpt(key)} is ${showValue(value)}, it must be a string`,
    );
  });
  return Object.fromEntries(texts);
}

function parseTensor(
  file: string,
  name: string,
  entry: unknown,
  dataStart: number,
  dataBytes: number,
): TensorInfo {
  const fail = (message: string) => new DataError(file, `tensor '${excerpt(name)}': ${message}`);
  if (!isObject(entry)) throw fail(`its entry is ${showValue(entry)}, it must be an object`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isDType(dtype)) {
    throw fail(`unknown dtype ${showValue(dtype)}; known: ${Object.keys(DTYPE_BITS).join(', ')}`);
  }
  if (!isSizes(shape)) throw fail(`shape ${showValue(shape)} must be a list of whole numbers ≥ 0`);
  if (!isSizes(offsets) || offsets.length !== 2 || offsets[0]! > offsets[1]!) {
    throw fail(`data_offsets ${showValue(offsets)} must be [begin, end] with 0 ≤ begin ≤ end`);
  }
  const [begin, end] = offsets as [number, number];
  const bits = countElements(shape) * DTYPE_BITS[dtype];
  if (!Number.isSafeInteger(bits)) throw fail(`shape ${showValue(shape)} has too many elements`);
  if (bits % 8 !== 0)
    throw fail(`shape ${showValue(shape)} of ${dtype} is not a whole number of bytes`);
  if (end - begin !== bits / 8) {
    throw fail(
      `shape ${showValue(shape)} of ${dtype} takes ${bits / 8} bytes, ` +
        `data_offsets ${showValue(offsets)} give ${end - begin}`,
    );
  }
  if (end > dataBytes) {
    throw fail(
      `data_offsets ${showValue(offsets)} end past the file's ${dataBytes} bytes of data; ` +
        'the file may be truncated',
    );
  }
  return { name, dtype, shape, offset: dataStart + begin, bytes: end - begin };
}

function checkCoverage(
  file: string,
  tensors: readonly TensorInfo[],
  dataStart: number,
  fileBytes: number,
): void {
  let covered = dataStart;
  let before = 'the header';
  for (const { name, offset, bytes } of tensors) {
    if (offset < covered) {
      throw new DataError(
        file,
        `tensor '${excerpt(name)}' begins at byte ${offset - dataStart} of the data, inside ${before}, ` +
          `which ends at byte ${covered - dataStart}`,
      );
    }
    if (offset > covered) {
      throw new DataError(
        file,
        `${offset - covered} bytes between ${before} and tensor '${excerpt(name)}' belong to no tensor`,
      );
    }
    covered = offset + bytes;
    before = `tensor '${excerpt(name)}'`;
  }
  if (covered < fileBytes) {
    throw new DataError(file, `${fileBytes - covered} bytes after ${before} belong to no tensor`);
  }
}

/**
 * The bytes that come before the data: the header's length, the header, and spaces up to a
 * multiple of eight, so that the data is aligned.
 *
 * @param tensors in the order of their bytes; `offset` is counted from the start of the data here
 */
export function encodeHeader(
  tensors: readonly TensorInfo[],
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const entries: [string, unknown][] = tensors.map(({ name, dtype, shape, offset, bytes }) => [
    name,
    { dtype, shape, data_offsets: [offset, offset + bytes] },
  ]);
  if (Object.keys(metadata).length > 0) entries.unshift(['__metadata__', metadata]);
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const padded = Math.ceil(json.byteLength / 8) * 8;
  const result = new Uint8Array(LENGTH_BYTES + padded).fill(0x20);
  new DataView(result.buffer).setBigUint64(0, BigInt(padded), true);
  result.set(json, LENGTH_BYTES);
  return result;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);
}
