import { describe, expect, it } from 'vitest';
import {
  BackendError,
  input,
  ShapeError,
  sparseMatmul,
  sparseMatrix,
  trace,
} from '../../src/index.js';
import { createReferenceBackend } from '../../src/reference/index.js';

const parts = (rows: number, columns: number, entries: number, name = '') => ({
  rows,
  columns,
  rowPointers: input(`pointers${name}`, [rows + 1], 'i32'),
  columnIndices: input(`indices${name}`, [entries], 'i32'),
});

describe('sparseMatrix', () => {
  it('a symmetric matrix is its own transpose; another has one that leads back', () => {
    trace(() => {
      const symmetric = sparseMatrix(parts(3, 3, 4), 'symmetric');
      expect(symmetric.transposed()).toBe(symmetric);
      const wide = sparseMatrix(parts(2, 3, 4, 'a'), parts(3, 2, 4, 'b'));
      expect(wide.transposed().rows).toBe(3);
      expect(wide.transposed().transposed()).toBe(wide);
      return {};
    });
  });

  it('refuses sizes that do not fit', () => {
    trace(() => {
      const wide = parts(2, 3, 4, 'c');
      expect(() => sparseMatrix(wide, 'symmetric')).toThrow(/not square/);
      expect(() => sparseMatrix(wide, parts(3, 2, 5, 'd'))).toThrow(ShapeError);
      expect(() => sparseMatrix(wide, wide)).toThrow(/not the transpose/);
      expect(() => sparseMatrix({ ...wide, rows: 3 }, 'symmetric')).toThrow(ShapeError);
      const matrix = sparseMatrix(wide, parts(3, 2, 4, 'e'));
      expect(() => sparseMatmul(matrix, input('x', [2, 5]))).toThrow(/2 rows.*3 columns/);
      return {};
    });
  });
});

describe('sparseMatmul on the reference executor', () => {
  const run = async (pointers: number[], indices: number[]) => {
    const graph = trace(() => {
      const matrix = sparseMatrix(parts(3, 3, indices.length), 'symmetric');
      return { y: sparseMatmul(matrix, input('x', [3, 1])) };
    });
    const backend = createReferenceBackend();
    const executable = await backend.compile(graph, { state: backend.createState() });
    const { y } = await executable.run({
      pointers: Int32Array.from(pointers),
      indices: Int32Array.from(indices),
      x: Float32Array.of(1, 10, 100),
    });
    return [...y!];
  };

  it('adds up what a row points to, empty rows and repeated columns included', async () => {
    expect(await run([0, 2, 2, 5], [0, 2, 1, 1, 0])).toEqual([101, 0, 21]);
  });

  it('leaves out what is behind the last row, whatever it is', async () => {
    expect(await run([0, 1, 1, 2], [2, 0, -7, 99])).toEqual([100, 0, 1]);
  });

  it.each([[[1, 2, 2, 3]], [[0, 3, 2, 3]], [[0, 1, 2, 4]], [[0, -1, 2, 3]]])(
    'refuses row pointers %j',
    async (pointers) => {
      const refused = run(pointers, [0, 1, 2]);
      await expect(refused).rejects.toBeInstanceOf(BackendError);
      await expect(refused).rejects.toThrow(/row pointer.*rise from 0 to at most 3/);
    },
  );

  it('refuses a column that there is not', async () => {
    await expect(run([0, 1, 2, 3], [0, 3, 2])).rejects.toThrow(/column index 3 at position 1/);
  });
});
