import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NumberParser } from '../../src/graphs/number-parser.js';

/** The rows of a text that is handed over in pieces of these sizes, over and over. */
function parse(text: string, sizes: readonly number[] = [1 << 16]): number[][] {
  const rows: number[][] = [[]];
  const parser = new NumberParser({
    value: (value, column, line) => {
      expect([column, line]).toEqual([rows.at(-1)!.length, rows.length]);
      rows.at(-1)!.push(value);
    },
    row: (columns, line) => {
      expect([columns, line]).toEqual([rows.at(-1)!.length, rows.length]);
      rows.push([]);
    },
    other: (field, column, line) => {
      throw new Error(`line ${line}, column ${column}: '${field}'`);
    },
  });
  const bytes = new TextEncoder().encode(text);
  for (let start = 0, turn = 0; start < bytes.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    // The buffer is used again, as a stream may do.
    const piece = bytes.slice(start, start + size);
    parser.push(piece);
    piece.fill(0x39);
    start += size;
  }
  parser.end();
  expect(parser.line).toBe(rows.length);
  return rows.slice(0, -1);
}

const number = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 }).map(String),
  fc.double({ noNaN: true, min: -10, max: 10 }).map((value) => value.toFixed(18)),
  fc.integer().map(String),
  fc.bigInt({ min: 0n, max: 10n ** 40n }).map(String),
  fc.constantFrom('-0', '+1.5', '.5', '5.', '0.1', '1E5', '9007199254740993', '0.3', '1e-400'),
);

describe('NumberParser', () => {
  it('reads what Number reads, wherever the pieces are cut', () => {
    const table = fc.array(fc.array(number, { minLength: 1, maxLength: 5 }), { maxLength: 8 });
    const sizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(
        table,
        sizes,
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        (rows, cut, end, last) => {
          const text = rows.map((row) => row.join(',')).join(end) + (last ? end : '');
          expect(parse(text, cut)).toEqual(rows.map((row) => row.map(Number)));
        },
      ),
      { numRuns: 400 },
    );
  });

  it('lets empty lines at the end pass, and no others', () => {
    expect(parse('1\n2\n\n\r\n\n')).toEqual([[1], [2]]);
    expect(parse('\n')).toEqual([]);
    expect(() => parse('1\n\n2\n')).toThrow("line 2, column 0: ''");
    expect(() => parse('\n2\n')).toThrow("line 1, column 0: ''");
  });

  it.each([
    ['nan', 'nan'],
    ['1,inf', 'inf'],
    ['1,-Infinity', '-Infinity'],
    ['1,,2', ''],
    ['1,2,', ''],
    ['0x10', '0x10'],
    [' 1', ' 1'],
    ['1 2', '1 2'],
    ['-', '-'],
    ['.', '.'],
    ['1.2.3', '1.2.3'],
    ['1e', '1e'],
    ['1e999', '1e999'],
    ['"1"', '"1"'],
  ])('refuses what is not a finite decimal number: %s', (line, field) => {
    for (const sizes of [[1], [1000]]) {
      expect(() => parse(`1\n${line}\n`, sizes)).toThrow(/^line 2, /);
      expect(() => parse(`1\n${line}\n`, sizes)).toThrow(`'${field}'`);
    }
  });

  it('gives up on a field without end', () => {
    expect(() => parse('7'.repeat(5000), [100])).toThrow(/line 1, column 0: '7{400}'/);
    expect(() => parse(`${'7'.repeat(5000)}\n`)).toThrow(/line 1, column 0: '7{400}'/);
  });
});
