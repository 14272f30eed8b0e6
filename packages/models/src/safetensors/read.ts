import { DataError, UsageError } from '@sketchgrad/core';
import { countElements, FLOAT_DTYPES, isFloatDType, type TensorInfo } from './dtypes.js';
import { type ByteSource, openFile } from './file-source.js';
import { widenBF16, widenF16 } from './half.js';
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
   * Reads an F32, F16 or BF16 tensor as f32, row-major.
   *
   * @param into where to put the values; its length must be the tensor's
   * @throws DataError where there is no such tensor, it has another dtype, or the file ends early;
   *   UsageError where `into` has another length.
   */
  readFloat32(name: string, into?: Float32Array): Promise<Float32Array>;
  /** Reads a tensor of any dtype as the bytes in the file: little-endian, row-major. */
  readBytes(name: string): Promise<Uint8Array>;
  close(): Promise<void>;
}

/**
 * Opens a safetensors file (https://github.com/huggingface/safetensors#format). Only its header is
 * read now; each tensor is read when it is asked for.
 *
 * @throws DataError where the file is missing, truncated, or not a valid safetensors file.
 */
export async function openSafetensors(path: string): Promise<TensorStore> {
  const source = await openFile(path);
  try {
    return await readSafetensors(source);
  } catch (error) {
    await source.close();
    throw error;
  }
}

/** As `openSafetensors`, from any source of bytes. Closing the result closes the source. */
export async function readSafetensors(source: ByteSource): Promise<TensorStore> {
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

/** 16-bit floats are widened in pieces, so that a tensor is never held twice. */
const WIDEN_PIECE = 1 << 20;

async function readFloat32(
  source: ByteSource,
  { name, dtype, shape, offset }: TensorInfo,
  into: Float32Array | undefined,
): Promise<Float32Array> {
  if (!isFloatDType(dtype)) {
    throw new DataError(
      source.name,
      `tensor '${name}' has dtype ${dtype}; as numbers only ${FLOAT_DTYPES.join(', ')} can be read`,
    );
  }
  const elements = countElements(shape);
  const values = into ?? new Float32Array(elements);
  if (values.length !== elements) {
    throw new UsageError(
      `tensor '${name}' has ${elements} elements, the array to read it into has ${values.length}`,
    );
  }
  if (dtype === 'F32') {
    await source.read(offset, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    return values;
  }
  const widen = dtype === 'F16' ? widenF16 : widenBF16;
  const piece = new Uint16Array(Math.min(elements, WIDEN_PIECE));
  for (let done = 0; done < elements; done += piece.length) {
    const halves = piece.subarray(0, Math.min(piece.length, elements - done));
    await source.read(offset + 2 * done, new Uint8Array(halves.buffer, 0, halves.byteLength));
    widen(halves, values.subarray(done, done + halves.length));
  }
  return values;
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
      ? `did you mean '${close.slice(0, 3).join("', '")}'?`
      : `it has ${names.length} tensors${names.length > 0 ? `, for example '${names[0]}'` : ''}`;
  throw new DataError(path, `has no tensor '${name}'; ${hint}`);
}
