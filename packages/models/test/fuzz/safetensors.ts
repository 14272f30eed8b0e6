import assert from 'node:assert/strict';
import type { Files, FuzzReader } from '@sketchgrad/testing/fuzz';
import type { TensorInfo } from '../../src/index.js';
import { openCheckpoint } from '../../src/node/index.js';

const SINGLE = 'model.safetensors';
const INDEX = 'model.safetensors.index.json';
const SHARDS = ['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'] as const;

type Numbers = Float32Array | Float64Array | Uint16Array | BigInt64Array | Uint8Array;

/** A file, by the format's words: the header's length, the header, the data. */
function fileOf(
  tensors: Readonly<Record<string, readonly [dtype: string, shape: number[], data: Numbers]>>,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  let end = 0;
  const entries = Object.entries(tensors).map(([name, [dtype, shape, data]]) => {
    const begin = end;
    end += data.byteLength;
    return [name, { dtype, shape, data_offsets: [begin, end] }];
  });
  const header = Buffer.from(
    JSON.stringify({ ...(metadata && { __metadata__: metadata }), ...Object.fromEntries(entries) }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  const data = Object.values(tensors).map(([, , numbers]) => new Uint8Array(numbers.buffer));
  return Buffer.concat([length, header, ...data]);
}

const numbers = (count: number) => Array.from({ length: count }, (_, at) => (at - 2) / 3);

const FLOATS = {
  'layer.weight': ['F32', [2, 3], Float32Array.from(numbers(6))],
  'layer.bias': ['F16', [3], Uint16Array.of(0x3c00, 0x8001, 0x7bff)],
} as const;

interface Answer {
  readonly path: string;
  readonly tensors: readonly {
    readonly info: TensorInfo;
    readonly values: Float32Array | Uint8Array;
  }[];
}

/** Checkpoints in one file and in several, with tensors of each dtype that is read as numbers. */
export const safetensors: FuzzReader<Answer> = {
  name: 'safetensors',
  samples: (): Files[] => [
    {
      [SINGLE]: fileOf(
        {
          ...mutable(FLOATS),
          half: ['BF16', [2, 1], Uint16Array.of(0x3f80, 0xc049)],
          double: ['F64', [2], Float64Array.of(0.1, -1e30)],
          ids: ['I64', [1, 2], BigInt64Array.of(7n, -1n)],
          scalar: ['U8', [], Uint8Array.of(3)],
          empty: ['F32', [0, 4], new Float32Array(0)],
        },
        { format: 'pt' },
      ),
    },
    { [SINGLE]: fileOf({}) },
    {
      [INDEX]: Buffer.from(
        JSON.stringify({
          metadata: { total_size: 38 },
          weight_map: { 'layer.weight': SHARDS[0], 'layer.bias': SHARDS[0], head: SHARDS[1] },
        }),
      ),
      [SHARDS[0]]: fileOf(mutable(FLOATS), { format: 'pt' }),
      [SHARDS[1]]: fileOf({ head: ['F32', [2], Float32Array.from(numbers(2))] }),
    },
  ],
  tokens: [
    '"__metadata__":{"format":"pt"}',
    '"layer.weight":',
    '"dtype":',
    '"F32"',
    '"F16"',
    '"F64"',
    '"F4"',
    '"shape":[',
    '"data_offsets":[',
    '[0,24]',
    '"weight_map":{',
    SHARDS[1],
    '../',
    '\\u0077',
  ],
  async read({ folder }) {
    const store = await openCheckpoint(folder);
    try {
      const tensors = [];
      for (const name of store.names) {
        const info = store.info(name);
        const isNumbers = ['F32', 'F16', 'BF16', 'F64'].includes(info.dtype);
        const values = await (isNumbers ? store.readFloat32(name) : store.readBytes(name));
        tensors.push({ info, values });
      }
      return { path: store.path, tensors };
    } finally {
      await store.close();
    }
  },
  check({ tensors }, { files }) {
    const map = files[SINGLE] ? undefined : weightMap(files[INDEX]!);
    const listed = map && new Set(Object.values(map));
    const read = Object.entries(files).filter(([path]) => !listed || listed.has(path));
    const names = read
      .filter(([path]) => path.endsWith('.safetensors'))
      .flatMap(([, bytes]) => Object.keys(headerOf(bytes)))
      .filter((name) => name !== '__metadata__');
    assert.deepEqual(tensors.map(({ info }) => info.name).sort(), [...new Set(names)].sort());
    for (const { info, values } of tensors) {
      const [, file] = read.find(([path, bytes]) =>
        map?.[info.name] ? path === map[info.name] : Object.hasOwn(headerOf(bytes), info.name),
      )!;
      const entry = headerOf(file)[info.name] as { dtype: string; shape: number[] };
      assert.deepEqual([info.dtype, info.shape], [entry.dtype, entry.shape]);
      const [begin, end] = (entry as unknown as { data_offsets: [number, number] }).data_offsets;
      const start = 8 + Number(Buffer.from(file).readBigUInt64LE());
      const bytes = Buffer.from(file.subarray(start + begin, start + end));
      assert.deepEqual([...values], numbersOf(entry.dtype, bytes));
    }
  },
};

const mutable = (tensors: typeof FLOATS) =>
  Object.fromEntries(
    Object.entries(tensors).map(([name, [dtype, shape, data]]) => [
      name,
      [dtype, [...shape], data] as [string, number[], Numbers],
    ]),
  );

const headerOf = (bytes: Uint8Array): Record<string, unknown> => {
  const length = Number(Buffer.from(bytes).readBigUInt64LE());
  return JSON.parse(Buffer.from(bytes.subarray(8, 8 + length)).toString());
};

const weightMap = (bytes: Uint8Array): Record<string, string> =>
  JSON.parse(Buffer.from(bytes).toString()).weight_map;

function numbersOf(dtype: string, bytes: Buffer): number[] {
  const every = (width: number, read: (at: number) => number) =>
    Array.from({ length: bytes.length / width }, (_, index) => read(width * index));
  if (dtype === 'F32') return every(4, (at) => bytes.readFloatLE(at));
  if (dtype === 'F64') return every(8, (at) => Math.fround(bytes.readDoubleLE(at)));
  if (dtype === 'F16') return every(2, (at) => half(bytes.readUInt16LE(at)));
  if (dtype === 'BF16')
    return every(2, (at) => Buffer.from([0, 0, bytes[at]!, bytes[at + 1]!]).readFloatLE());
  return [...bytes];
}

function half(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const sign = bits & 0x8000 ? -1 : 1;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
  return exponent === 0
    ? sign * fraction * 2 ** -24
    : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
