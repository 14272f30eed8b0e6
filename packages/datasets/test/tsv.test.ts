import { DataError } from '@sketchgrad/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTsv } from '../src/tsv.js';

const field = fc.string({ unit: 'binary' }).map((text) => text.replaceAll(/[\t\r\n]/g, '"'));
const table = fc
  .integer({ min: 1, max: 5 })
  .chain((width) =>
    fc.array(fc.array(field, { minLength: width, maxLength: width }), { minLength: 2 }),
  )
  // An empty line at the end does not count, so that a last row must not look like one.
  .filter((rows) => rows.at(-1)!.join('\t') !== '');

describe('parseTsv', () => {
  it('gives back any fields without tabs and line ends, whatever the line ends are', () => {
    const ends = fc.record({
      between: fc.constantFrom('\n', '\r\n'),
      last: fc.constantFrom('', '\n', '\r\n', '\n\n'),
    });
    fc.assert(
      fc.property(table, ends, (rows, { between, last }) => {
        const text = rows.map((row) => row.join('\t')).join(between) + last;
        const [columns, ...expected] = rows;
        const parsed = parseTsv(text, { file: 'some.tsv' });
        expect(parsed.columns).toEqual(columns);
        expect(parsed.rows.map(({ fields }) => fields)).toEqual(expected);
        expect(parsed.rows.map(({ line }) => line)).toEqual(expected.map((_, index) => index + 2));
        const headless = parseTsv(text, { file: 'some.tsv', headless: columns! });
        expect(headless.rows.map(({ fields }) => fields)).toEqual(rows);
        expect(headless.rows[0]!.line).toBe(1);
      }),
    );
  });

  it('keeps quotation marks, and does not cut at other line separators', () => {
    const { rows } = parseTsv('a\tb\n"x\t"y""\nu\u2028v\tw\u0085\rz\n', { file: 'some.tsv' });
    expect(rows.map(({ fields }) => fields)).toEqual([
      ['"x', '"y""'],
      ['u\u2028v', 'w\u0085\rz'],
    ]);
  });

  it('refuses a row with too few or too many fields, naming its line', () => {
    const parse = (text: string) => () => parseTsv(text, { file: 'some.tsv' });
    expect(parse('a\tb\nx\ty\nx\n')).toThrow(
      'some.tsv:3: has 1 field: expected 2 (a, b), separated by tabs',
    );
    expect(parse('a\tb\nx\ty\tz\n')).toThrow('some.tsv:2: has 3 fields');
    expect(parse('a\tb\nx\ty\n\nx\ty\n')).toThrow('some.tsv:3: has 1 field');
    expect(parse('a\nx\ty\n')).toThrow(DataError);
  });

  it('sets such rows apart where they are allowed', () => {
    const parsed = parseTsv('a\tb\nx\nx\ty\n', { file: 'some.tsv', allowMalformed: true });
    expect(parsed.rows).toEqual([{ fields: ['x', 'y'], line: 3 }]);
    expect(parsed.malformed).toEqual([{ fields: ['x'], line: 2 }]);
  });

  it('refuses an empty table', () => {
    expect(() => parseTsv('', { file: 'some.tsv' })).toThrow('some.tsv: is empty');
    expect(() => parseTsv('\n\r\n', { file: 'some.tsv' })).toThrow('some.tsv: is empty');
    expect(() => parseTsv('a\tb\n', { file: 'some.tsv' })).toThrow('has a header line and no rows');
    expect(() => parseTsv('', { file: 'some.tsv', headless: ['a'] })).toThrow('is empty');
  });
});
