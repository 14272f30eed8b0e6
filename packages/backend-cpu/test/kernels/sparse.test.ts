import { describe, expect, it } from 'vitest';
import { FAR } from './far.js';
import { distance, Kernels, numbers, THREADS } from './harness.js';

/** Entries a row: none, tails of the step of four, and one row that outweighs the rest. */
const ENTRIES = [3, 0, 4, 5, 1, 90, 0, 8, 2, 7];
const COLUMNS = 23;

const pointers = Int32Array.from({ length: ENTRIES.length + 1 }, (_, row) =>
  ENTRIES.slice(0, row).reduce((sum, n) => sum + n, 0),
);
const total = pointers.at(-1)!;
const indices = Int32Array.from({ length: total }, (_, i) => (i * 17 + (i >> 2)) % COLUMNS);

describe.each(THREADS)('on %i threads', (threads) => {
  it.each([true, false])('sparseMatmul, with values: %s', (valued) => {
    for (const n of [0, 1, 3, 4, 7, 8, 15, 33, 64]) {
      const kernels = new Kernels(threads);
      const x = kernels.place(numbers(COLUMNS * n, n + 1));
      const values = kernels.place(numbers(total, 9));
      const y = kernels.room(ENTRIES.length * n);
      const at = [kernels.place(pointers).address, kernels.place(indices).address] as const;
      const sizes = [ENTRIES.length, COLUMNS, n] as const;
      const wanted = new Float64Array(ENTRIES.length * n);
      ENTRIES.forEach((_, row) => {
        for (let entry = pointers[row]!; entry < pointers[row + 1]!; entry++)
          for (let i = 0; i < n; i++)
            wanted[row * n + i]! +=
              (valued ? values.data[entry]! : 1) * x.data[indices[entry]! * n + i]!;
      });
      const failure = kernels.run(
        'sparseMatmul',
        ...at,
        valued ? values.address : 0,
        x.address,
        y.address,
        ...sizes,
      );
      expect(failure).toBe(0);
      expect(distance(y.data, wanted)).toBeLessThan(1e-5);
    }
  });

  it('checkRowPointers names the first that does not rise', () => {
    for (const [wrong, position] of [
      [[0, 2, 2, 5], 0],
      [[1, 2, 2, 5], 1],
      [[0, 2, 1, 5], 3],
      [[0, 6, 6, 5], 2],
      [[0, 2, 2, 4], 0],
      [[0, 2, -1, 5], 3],
    ] as const) {
      const kernels = new Kernels(threads);
      const placed = kernels.place(Int32Array.from(wrong));
      expect(kernels.run('checkRowPointers', placed.address, 3, 5)).toBe(position);
    }
  });

  it.each(FAR)('sparseMatmul with %i × %i, as large as caches or larger', (columns, n) => {
    const [rows, degree] = [40, 37];
    const kernels = new Kernels(threads);
    const x = kernels.place(numbers(columns * n, 3));
    const pointers = Int32Array.from({ length: rows + 1 }, (_, row) => row * degree);
    const indices = Int32Array.from({ length: rows * degree }, (_, i) => (i * 7919) % columns);
    const wanted = new Float64Array(rows * n);
    for (let i = 0; i < indices.length; i++)
      for (let f = 0; f < n; f++)
        wanted[Math.floor(i / degree) * n + f]! += x.data[indices[i]! * n + f]!;
    const at = [kernels.place(pointers).address, kernels.place(indices).address] as const;
    const y = kernels.room(rows * n);
    const sizes = [rows, columns, n] as const;
    expect(kernels.run('sparseMatmul', ...at, 0, x.address, y.address, ...sizes)).toBe(0);
    expect(distance(y.data, wanted)).toBeLessThan(1e-5);

    const wrong = kernels.place(indices.map((column, i) => (i === 77 ? columns : column)));
    const args = [at[0], wrong.address, 0, x.address, y.address, ...sizes] as const;
    expect(kernels.run('sparseMatmul', ...args)).toBe(78);
  });
});
