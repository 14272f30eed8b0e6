/**
 * A checkpoint file:
 *
 *     8 bytes    the text SKETCHG1
 *     4 bytes    length of the header, unsigned, little-endian
 *     header     JSON in UTF-8: byte order, version, progress, names and types of the tensors
 *     32 bytes   SHA-256 of all of the above
 *     then for each tensor, in the header's order
 *         its elements, row-major
 *         32 bytes   SHA-256 of its name in UTF-8 and its elements
 *
 * so that a reader knows the file's exact length from its header, can take one tensor alone, and
 * can name the one that is damaged.
 */
import { createHash } from 'node:crypto';
import { endianness } from 'node:os';
import {
  byteLength,
  DataError,
  describeValue,
  elements,
  type TensorData,
  UsageError,
} from '@sketchgrad/core';
import type { TensorEntry } from '../checkpoints/checkpoint-store.js';
import { checkProgress, type TrainingProgress } from '../checkpoints/progress.js';
import { VERSION } from '../checkpoints/version.js';

const MAGIC = Buffer.from('SKETCHG1', 'latin1');
export const PREAMBLE_BYTES = MAGIC.length + 4;
export const DIGEST_BYTES = 32;

/** How large one read or write is: enough to be fast, little beside a model. */
export const CHUNK_BYTES = 4 * 2 ** 20;

const MAX_HEADER_BYTES = 2 ** 29;

const ARRAYS = { f32: Float32Array, i32: Int32Array } as const;

/** What a header holds besides. */
interface Origin {
  readonly byteOrder: string;
  /** Of the package that wrote it; unknown of a file that does not say. */
  readonly version?: unknown;
}

export interface Header {
  readonly progress: TrainingProgress;
  readonly tensors: readonly TensorEntry[];
}

export const allocate = (entry: TensorEntry): TensorData =>
  new ARRAYS[entry.dtype](elements(entry));

export const holds = (entry: TensorEntry, data: TensorData): boolean =>
  data instanceof ARRAYS[entry.dtype] && data.length === elements(entry);

/** The bytes of a typed array, without a copy. */
export const bytesOf = (data: TensorData): Uint8Array =>
  new Uint8Array(data.buffer, data.byteOffset, data.byteLength);

/** Where the tensors begin in a file whose header has this many bytes. */
export const tensorsOffset = (headerBytes: number): number =>
  PREAMBLE_BYTES + headerBytes + DIGEST_BYTES;

export const fileBytes = (headerBytes: number, tensors: readonly TensorEntry[]): number =>
  tensors.reduce(
    (bytes, entry) => bytes + byteLength(entry) + DIGEST_BYTES,
    tensorsOffset(headerBytes),
  );

export const tensorHash = (entry: TensorEntry) => createHash('sha256').update(entry.name);

/**
 * The tensors of a header from something that should be some.
 *
 * @throws UsageError naming the first that is none, or that has another's name
 */
function checkEntries(entries: unknown): asserts entries is readonly TensorEntry[] {
  if (!Array.isArray(entries))
    throw new UsageError(`the tensors must be a list, not ${describeValue(entries)}`);
  const names = new Set<string>();
  for (const [index, entry] of entries.entries()) {
    const { name, dtype, shape } = (entry ?? {}) as Partial<TensorEntry>;
    if (typeof name !== 'string')
      throw new UsageError(`tensor ${index} has ${describeValue(name)} as its name`);
    const tensor = `tensor ${describeValue(name)}`;
    if (names.has(name)) throw new UsageError(`two tensors are named ${describeValue(name)}`);
    names.add(name);
    if (typeof dtype !== 'string' || !Object.hasOwn(ARRAYS, dtype)) {
      throw new UsageError(
        `${tensor} cannot be stored as ${describeValue(dtype)}; dtypes are ` +
          Object.keys(ARRAYS).join(', '),
      );
    }
    if (!Array.isArray(shape) || !shape.every(isSize) || !isSize(4 * elements({ dtype, shape }))) {
      throw new UsageError(`${tensor} cannot have the shape ${describeShape(shape)}`);
    }
  }
}

/** Sizes that a shape's message shows. */
const SHOWN = 8;

function describeShape(shape: unknown): string {
  if (!Array.isArray(shape)) return describeValue(shape);
  const left = shape.length > SHOWN ? ', …' : '';
  return `[${shape.slice(0, SHOWN).map(describeValue).join(', ')}${left}]`;
}

const isSize = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;

/** Everything before the first tensor. */
export function encodeHeader({ progress, tensors }: Header): Buffer {
  checkProgress(progress);
  checkEntries(tensors);
  const header = Buffer.from(
    JSON.stringify({ byteOrder: endianness(), version: VERSION, progress, tensors }),
  );
  if (header.length > MAX_HEADER_BYTES) {
    throw new UsageError(
      `the progress of a run takes ${header.length} bytes; at most ${MAX_HEADER_BYTES} can be kept`,
    );
  }
  const length = Buffer.alloc(4);
  length.writeUInt32LE(header.length);
  const digested = Buffer.concat([MAGIC, length, header]);
  return Buffer.concat([digested, createHash('sha256').update(digested).digest()]);
}

/**
 * Length of the header in bytes, from a file's first bytes.
 *
 * @throws DataError where they are not a checkpoint's
 */
export function decodePreamble(file: string, preamble: Buffer): number {
  if (preamble.length < PREAMBLE_BYTES || !preamble.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new DataError(file, 'is not a checkpoint: it does not begin with SKETCHG1');
  }
  const length = preamble.readUInt32LE(MAGIC.length);
  if (length > MAX_HEADER_BYTES) {
    throw new DataError(file, `is damaged: its header cannot have ${length} bytes`);
  }
  return length;
}

/**
 * The header from the preamble, the header's own bytes and their digest.
 *
 * @throws DataError where they do not belong together or were written on a machine of other byte
 *   order
 */
export function decodeHeader(file: string, start: Buffer): Header & Origin {
  const digested = start.subarray(0, start.length - DIGEST_BYTES);
  const digest = start.subarray(start.length - DIGEST_BYTES);
  if (!createHash('sha256').update(digested).digest().equals(digest)) {
    throw new DataError(file, 'is damaged: the checksum of its header is wrong');
  }
  let header: Header & Origin;
  try {
    header = parse(digested.subarray(PREAMBLE_BYTES));
    checkProgress(header.progress);
    checkEntries(header.tensors);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    // The checksum is right, so that another version of this library wrote it.
    const message = `is not of this version: ${error.message}`;
    throw new DataError(file, message, undefined, { cause: error });
  }
  if (header.byteOrder !== endianness()) {
    throw new DataError(
      file,
      `holds numbers in byte order ${describeValue(header.byteOrder)}; this machine's is ${endianness()}`,
    );
  }
  return header;
}

/** @throws UsageError where the bytes are no object in JSON */
function parse(bytes: Uint8Array): Header & Origin {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    throw new UsageError('its header is not JSON in UTF-8', { cause: error });
  }
  if (typeof header !== 'object' || header === null)
    throw new UsageError(`its header is ${describeValue(header)}`);
  return header as Header & Origin;
}
