import { DataError } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { readNodeDataset } from '../../src/node/index.js';
import { npy, ring } from './graph-files.js';
import { temporaryFolder, writeGraph } from './graph-folder.js';

const folder = temporaryFolder();

describe('a NumPy file that is refused', () => {
  const whole = npy('<f4', [5, 1], Float32Array.of(1, 2, 3, 4, 5));
  const changed = (from: string, to: string) =>
    Buffer.from(Buffer.from(whole).toString('latin1').replace(from, to), 'latin1');

  it.each([
    ['not NumPy', Buffer.from('1,2,3\n4,5,6\n7,8,9\n'), /is not a NumPy file/],
    [
      'cut short',
      whole.subarray(0, -1),
      /has 147 bytes: expected 148 for 5 × 1 numbers of 4 bytes/,
    ],
    ['too long', Buffer.concat([whole, Buffer.from('x')]), /has 149 bytes: expected 148/],
    ['cut in its header', whole.subarray(0, 30), /its header is/],
    ['empty', Buffer.alloc(0), /is not a NumPy file/],
    ['of a header with more behind it', changed('           \n', "    '<f2'  \n"), /its header is/],
    ['of two types', changed("'fortran_order': False", "'descr': '<f2', '':    "), /its header is/],
    [
      'of integers',
      npy('<i8', [5, 1], new BigInt64Array(5)),
      /its numbers are '<i8': expected one of <f2, <f4, <f8/,
    ],
    ['big-endian', npy('>f4', [5, 1], new Float32Array(5)), /its numbers are '>f4'/],
    [
      'a vector',
      npy('<f4', [5], new Float32Array(5)),
      /its shape is \(5\): expected \(nodes, features\)/,
    ],
    ['a cube', npy('<f4', [5, 1, 1], new Float32Array(5)), /its shape is \(5, 1, 1\)/],
    ['of no features', npy('<f4', [5, 0], new Float32Array(0)), /its shape is \(5, 0\)/],
    [
      'of other nodes',
      npy('<f4', [4, 1], new Float32Array(4)),
      /has 4 rows: expected 5, as .*num-node-list/,
    ],
    ['nan', npy('<f4', [5, 1], Float32Array.of(1, 2, Number.NaN, 4, 5)), /node 2, column 1 is NaN/],
    [
      'infinite f16',
      npy('<f2', [5, 1], Uint16Array.of(0, 0, 0, 0, 0x7c00)),
      /node 4, column 1 is Infinity/,
    ],
    ['nan f16', npy('<f2', [5, 1], Uint16Array.of(0, 0, 0, 0, 0x7c01)), /node 4, column 1 is NaN/],
    [
      'beyond f32',
      npy('<f8', [5, 1], Float64Array.of(1, 1e39, 3, 4, 5)),
      /node 1, column 1 is Infinity as f32/,
    ],
    [
      'by columns',
      Buffer.from(Buffer.from(whole).toString('latin1').replace('False', 'True '), 'latin1'),
      /stored column by column/,
    ],
  ] as const)('%s', async (_, file, message) => {
    const { 'raw/node-feat.csv.gz': __, ...others } = ring;
    await writeGraph(folder.path, { ...others, 'raw/node-feat.npy': file });
    const failing = readNodeDataset(folder.path);
    await expect(failing).rejects.toThrow(DataError);
    await expect(failing).rejects.toThrow(message);
    await expect(failing).rejects.toThrow('node-feat.npy: ');
  });
});
