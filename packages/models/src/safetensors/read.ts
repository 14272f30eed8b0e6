import { checkMembers, DataError, type ObjectKind, UsageError } from '@sketchgrad/core';
import { excerpt } from '../json/show-value.js';
import type { ByteSource } from './byte-source.js';
import {
  countElements,
  isReadableDType,
  READABLE_DTYPES,
  type ReadableDType,
  type TensorInfo,
} from './dtypes.js';
import { roundF64, type Widen, widenBF16, widenF16 } from './float-conversions.js';
import { LENGTH_BYTES, parseHeader, parseHeaderLength } from './header.js';

/** Named tensors that are read one at a time. */
export interface TensorStore {
  /** The file, or the folder of a checkpoint in several files. */
  readonly path: string;
  /** In the order of their bytes. */
  readonly names: readonly string[];
  /** Free text by name; `format` is 'pt' in checkpoints for PyTorch. */
  readonly metadata: Readonly<Record<string, string>>;
  has(name: string): boolean;
  /** @throws DataError where there is no tensor of that name. */
  info(name: string): TensorInfo;
  /**
   * Reads an F32, F16, BF16 or F64 tensor as f32, row-major. F64 is rounded to the nearest.
   *
   * @param into where to put the values; its length must be the tensor's
   * @throws DataError where there is no such tensor, it has another dtype, an F64 value is too large
   *   for f32, or the file ends early; UsageError where `into` has another length.
   */
  readFloat32(name: string, into?: Float32Array): Promise<Float32Array>;
  /** Reads a tensor of any dtype as the bytes in the file: little-endian, row-major. */
  readBytes(name: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

const SOURCE: ObjectKind = {
  accepted: 'a source of bytes, such as await openFile(path) gives',
  members: { name: 'string', size: 'number', read: 'function', close: 'function' },
};

/**
 * Reads a safetensors file (https://github.com/huggingface/safetensors#format) of any source of bytes.
 * Only its header is read now; each tensor is read when it is asked for. Closing the result closes the
 * source.
 *
 * @throws DataError where it is truncated, or not a valid safetensors file.
 */
export async function readSafetensors(source: ByteSource): Promise<TensorStore> {
  checkMembers('source', source, SOURCE);
  if (source.size < LENGTH_BYTES) {
    throw new DataError(
      source.name,
      `not a safetensors file: ${source.size} bytes, it must have at least ${LENGTH_BYTES}`,
    );
  }
  const start = new Uint8Array(LENGTH_BYTES);
  await source.read(0, start);
  const header = new Uint8Array(parseHeaderLength(source.name, start, source.size));
  await source.read(LENGTH_BYTES, header);
  const { tensors, metadata } = parseHeader(source.name, header, source.size);
  const info = (name: string) => tensors.get(name) ?? failMissing(source.name, name, tensors);
  return {
    path: source.name,
    names: [...tensors.keys()],
    metadata,
    has: (name) => tensors.has(name),
    info,
    readFloat32: async (name, into) => readFloat32(source, info(name), into),
    readBytes: async (name) => {
      const { offset, bytes } = info(name);
      const result = new Uint8Array(bytes);
      await source.read(offset, result);
      return result;
    },
    close: () => source.close(),
  };
}

async function readFloat32(
  source: ByteSource,
  tensor: TensorInfo,
  into: Float32Array | undefined,
): Promise<Float32Array> {
  const { name, dtype, shape, offset } = tensor;
  if (!isReadableDType(dtype)) {
    throw new DataError(
      source.name,
      `tensor '${excerpt(name)}' has dtype ${dtype}; as numbers only ${READABLE_DTYPES.join(', ')} can be read`,
    );
  }
  const elements = countElements(shape);
  const values = into ?? new Float32Array(elements);
  if (values.length !== elements) {
    throw new UsageError(
      `tensor '${excerpt(name)}' has ${elements} elements, the array to read it into has ${values.length}`,
    );
  }
  if (dtype === 'F32')
    await source.read(offset, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  else await CONVERT[dtype](source, tensor, values);
  return values;
}

type Convert = (source: ByteSource, tensor: TensorInfo, values: Float32Array) => Promise<void>;

/** Elements that are converted at a time, so that a tensor is never held twice. */
const PIECE = 1 << 20;

const CONVERT: Readonly<Record<Exclude<ReadableDType, 'F32'>, Convert>> = {
  F16: (source, { offset }, values) => widenPieces(source, offset, values, widenF16),
  BF16: (source, { offset }, values) => widenPieces(source, offset, values, widenBF16),
  F64: async (source, { name, offset }, values) => {
    await inPieces(source, offset, values, Float64Array, (doubles, floats, done) => {
      const wrong = roundF64(doubles, floats);
      if (wrong >= 0)
        throw new DataError(
          source.name,
          `tensor '${excerpt(name)}' holds ${doubles[wrong]} at element ${done + wrong}, which is too large for f32`,
        );
    });
  },
};

const widenPieces = (source: ByteSource, offset: number, values: Float32Array, widen: Widen) =>
  inPieces(source, offset, values, Uint16Array, widen);

async function inPieces<A extends Uint16Array | Float64Array>(
  source: ByteSource,
  offset: number,
  values: Float32Array,
  Numbers: (new (length: number) => A) & { readonly BYTES_PER_ELEMENT: number },
  convert: (from: A, to: Float32Array, done: number) => void,
): Promise<void> {
  const buffer = new Numbers(Math.min(values.length, PIECE));
  for (let done = 0; done < values.length; done += buffer.length) {
    const piece = buffer.subarray(0, Math.min(buffer.length, values.length - done)) as A;
    const bytes = new Uint8Array(piece.buffer, 0, piece.byteLength);
    await source.read(offset + Numbers.BYTES_PER_ELEMENT * done, bytes);
    convert(piece, values.subarray(done, done + piece.length), done);
  }
}

/** Raises the error for a tensor that is not there, naming those that it may be confused with. */
export function failMissing(
  path: string,
  name: string,
  known: { keys(): Iterable<string> },
): never {
  const names = [...known.keys()];
  const close = names.filter((other) => other.endsWith(`.${name}`) || name.endsWith(`.${other}`));
  const hint =
    close.length > 0
      ? `did you mean '${close.slice(0, 3).map(excerpt).join("', '")}'?`
      : `it has ${names.length} tensors${names.length > 0 ? `, for example '${excerpt(names[0]!)}'` : ''}`;
  throw new DataError(path, `has no tensor '${excerpt(name)}'; ${hint}`);
}
