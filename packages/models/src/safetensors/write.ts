import {
  checkMembers,
  checkOptions,
  checkText,
  DataError,
  describeValue,
  type ObjectKind,
  UsageError,
} from '@sketchgrad/core';
import {
  countElements,
  DTYPE_BITS,
  type FloatDType,
  type SafetensorsDType,
  type TensorInfo,
} from './dtypes.js';
import { narrowBF16, narrowF16 } from './float-conversions.js';
import { encodeHeader } from './header.js';

/** A tensor to write as floats. */
export interface FloatTensor {
  readonly name: string;
  readonly shape: readonly number[];
  /**
   * Row-major f32 values. A function is called when the tensor's turn comes and its result dropped
   * right after, so that a model that lives on a device is never in host memory as a whole.
   */
  readonly data: Float32Array | (() => Float32Array | Promise<Float32Array>);
  /** Default: the file's. */
  readonly dtype?: FloatDType;
}

/** A tensor to write as it is, in any dtype. */
export interface RawTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: SafetensorsDType;
  /** Little-endian, row-major. */
  readonly bytes: Uint8Array;
}

export interface WriteOptions {
  /** How floats are stored. Default F32. */
  readonly dtype?: FloatDType;
  /** Default `{ format: 'pt' }`, without which transformers refuses a file. */
  readonly metadata?: Readonly<Record<string, string>>;
}

const TENSOR: ObjectKind = {
  accepted: 'a tensor, { name, shape, data }',
  members: { name: 'string', shape: 'array' },
};

function listed(tensors: Iterable<FloatTensor | RawTensor>): (FloatTensor | RawTensor)[] {
  if (typeof (tensors as Partial<typeof tensors> | null)?.[Symbol.iterator] !== 'function')
    throw new UsageError(`tensors must be a list of tensors, but it is ${describeValue(tensors)}`);
  const all = [...tensors];
  for (const [at, tensor] of all.entries()) checkMembers(`tensors[${at}]`, tensor, TENSOR);
  return all;
}

/** A file in the making: its size is known, and its bytes are made as they are asked for. */
export interface Chunked {
  readonly size: number;
  /** The bytes in order. A chunk is the caller's until it asks for the next. */
  chunks(): AsyncIterable<Uint8Array>;
}

/**
 * A safetensors file of tensors.
 *
 * @param file what to call it in messages
 * @throws UsageError for two tensors of one name or a shape that does not fit the data. Chunks throw
 * DataError for a value that is too large for the dtype.
 */
export function formatSafetensors(
  file: string,
  tensors: Iterable<FloatTensor | RawTensor>,
  options: WriteOptions = {},
): Chunked {
  checkText('file', file);
  checkOptions('formatSafetensors', options, { dtype: true, metadata: true });
  const { dtype = 'F32', metadata = { format: 'pt' } } = options;
  const placed = placeTensors(listed(tensors), dtype);
  const header = encodeHeader(
    placed.map(({ info }) => info),
    metadata,
  );
  return {
    size: placed.reduce((sum, { info }) => sum + info.bytes, header.byteLength),
    async *chunks() {
      yield header;
      for (const { tensor, info } of placed) {
        if ('bytes' in tensor) yield tensor.bytes;
        else yield* floatChunks(file, info, tensor.data);
      }
    },
  };
}

interface Placed {
  readonly tensor: FloatTensor | RawTensor;
  /** `offset` is counted from the start of the data. */
  readonly info: TensorInfo;
}

/** Widest dtype first, then by name: every tensor is aligned to its own dtype. */
function placeTensors(tensors: (FloatTensor | RawTensor)[], defaultDType: FloatDType): Placed[] {
  const dtypeOf = (tensor: FloatTensor | RawTensor) => tensor.dtype ?? defaultDType;
  const sorted = tensors.sort(
    (a, b) =>
      DTYPE_BITS[dtypeOf(b)] - DTYPE_BITS[dtypeOf(a)] ||
      (a.name < b.name ? -1 : Number(a.name > b.name)),
  );
  const names = new Set<string>();
  let offset = 0;
  return sorted.map((tensor) => {
    const { name, shape } = tensor;
    if (names.has(name) || name === '__metadata__') {
      const problem = names.has(name) ? 'is given twice' : 'is a name that the format keeps';
      throw new UsageError(`tensor '${name}' ${problem}; every tensor needs a name of its own`);
    }
    names.add(name);
    const dtype = dtypeOf(tensor);
    const bytes = (checkedElements(name, shape) * DTYPE_BITS[dtype]) / 8;
    if ('bytes' in tensor && tensor.bytes.byteLength !== bytes) {
      throw new UsageError(
        `tensor '${name}': shape [${shape}] of ${dtype} takes ${bytes} bytes, ` +
          `${tensor.bytes.byteLength} were given`,
      );
    }
    const info = { name, dtype, shape, offset, bytes };
    offset += bytes;
    return { tensor, info };
  });
}

function checkedElements(name: string, shape: readonly number[]): number {
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    throw new UsageError(`tensor '${name}': shape [${shape}] must hold whole numbers ≥ 0`);
  }
  return countElements(shape);
}

/** 16-bit floats are narrowed in pieces of this many elements. */
const NARROW_PIECE = 1 << 20;

async function* floatChunks(
  file: string,
  { name, dtype, shape }: TensorInfo,
  data: FloatTensor['data'],
): AsyncGenerator<Uint8Array> {
  const values = typeof data === 'function' ? await data() : data;
  if (values.length !== countElements(shape)) {
    throw new UsageError(
      `tensor '${name}': shape [${shape}] has ${countElements(shape)} elements, ` +
        `${values.length} were given`,
    );
  }
  if (dtype === 'F32') {
    yield new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    return;
  }
  const narrow = dtype === 'F16' ? narrowF16 : narrowBF16;
  const piece = new Uint16Array(Math.min(values.length, NARROW_PIECE));
  for (let done = 0; done < values.length; done += piece.length) {
    const part = values.subarray(done, done + piece.length);
    const overflow = narrow(part, piece);
    if (overflow >= 0) {
      throw new DataError(
        file,
        `tensor '${name}': ${part[overflow]} at element ${done + overflow} is too large for ` +
          `${dtype}; write F32 instead`,
      );
    }
    yield new Uint8Array(piece.buffer, 0, 2 * part.length);
  }
}
