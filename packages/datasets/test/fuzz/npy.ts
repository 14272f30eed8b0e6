import assert from 'node:assert/strict';
import { join } from 'node:path';
import type { FuzzReader } from '@sketchgrad/testing/fuzz';
import type { NodeFeatures } from '../../src/index.js';
import { readNpy } from '../../src/node/graphs/read-npy.js';
import { npy as madeNpy } from '../graphs/graph-files.js';

const path = 'node-feat.npy';
const sample = (descr: string, data: ArrayBufferView) => ({ [path]: madeNpy(descr, [5, 2], data) });
const numbers = Array.from({ length: 10 }, (_, at) => at / 3);

/** Matrices in NumPy's format, of each type. */
export const npy: FuzzReader<NodeFeatures> = {
  name: 'npy',
  samples: () => [
    sample('<f4', Float32Array.from(numbers)),
    sample('<f8', Float64Array.from(numbers)),
    sample(
      '<f2',
      Uint16Array.from(numbers, (_, at) => 0x3c00 + at),
    ),
  ],
  tokens: [
    "'descr': ",
    "'<f2'",
    "'<f4'",
    "'<f8'",
    "'>f4'",
    "'shape': ",
    '(5, 2)',
    '(2, 5)',
    '(10,)',
    "'fortran_order': ",
    'True',
    'False',
    '\x93NUMPY\x01\0',
  ],
  read: ({ folder }) => readNpy(join(folder, path)),
  check: ({ rows, columns, data }, { files }) => {
    const bytes = Buffer.from(files[path]!);
    // The data are the end of the file, whatever stands before.
    const width = Number(/'descr'\s*:\s*'<f([248])'/.exec(bytes.toString('latin1'))![1]);
    const start = bytes.length - rows * columns * width;
    assert.ok(start >= 10, `a header of ${start} bytes`);
    assert.equal(data.length, rows * columns);
    const element = (at: number) =>
      width === 8
        ? bytes.readDoubleLE(start + 8 * at)
        : width === 4
          ? bytes.readFloatLE(start + 4 * at)
          : half(bytes.readUInt16LE(start + 2 * at));
    assert.ok(data.every(Number.isFinite));
    assert.deepEqual(
      [...data],
      Array.from(data, (_, at) => Math.fround(element(at))),
    );
  },
};

function half(bits: number): number {
  const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
  const size = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
  return bits & 0x8000 ? -size : size;
}
