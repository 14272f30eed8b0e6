import { DataError } from '@sketchgrad/core';
import { countOf } from '../tsv.js';
import type { NumberSink } from './number-parser.js';
import {
  type FileOfNumbers,
  refuseEndlessRow,
  refuseExtraRow,
  refuseMissingRows,
  refuseWidth,
} from './number-sinks.js';

/** The typed arrays that matrices are read into. */
export type MatrixArray = Float32Array | Int32Array | Uint8Array;

/** What a matrix is read into, and what may be in it. */
export interface MatrixOptions<Elements extends MatrixArray> extends FileOfNumbers {
  /** How wide a row has to be; as wide as the first unless given. */
  readonly columns?: number;
  /** The most numbers that the file can hold, by its size. */
  readonly mostElements: number;
  /** The array, as soon as the first row has told the number of columns. */
  readonly allocate: (elements: number, columns: number) => Elements;
  /** What a field has to be, in the words of an error, where it is not allowed; undefined where it is. */
  readonly objection: (value: number, columns: number) => string | undefined;
  /** What an empty field or nan stands for, or undefined where it is refused; refused unless given. */
  readonly absent?: (columns: number) => number | undefined;
}

// A first row tells how wide a matrix is, and may have no end.
const mostColumns = 1 << 20;

const saysAbsent = /^\s*(|""|nan|null|none)\s*$/i;

/** A sink for a matrix with a given number of rows. */
export class MatrixSink<Elements extends MatrixArray> implements NumberSink {
  readonly #options: MatrixOptions<Elements>;
  #first: number[] = [];
  #columns = 0;
  #elements: Elements | undefined;

  constructor(options: MatrixOptions<Elements>) {
    this.#options = options;
  }

  value(value: number, column: number, line: number): void {
    const { file } = this.#options;
    if (this.#elements === undefined) {
      const { columns = mostColumns } = this.#options;
      refuseEndlessRow(file, column, columns, line);
      if (column < columns) this.#first.push(value);
      else if (columns === mostColumns) throw this.#error(`has more than ${columns} columns`, line);
      return;
    }
    if (column === 0) refuseExtraRow(this.#options, line);
    refuseEndlessRow(file, column, this.#columns, line);
    // `row` refuses it, and says how many there are.
    if (column >= this.#columns) return;
    this.#elements[(line - 1) * this.#columns + column] = this.#checked(value, column, line);
  }

  row(columns: number, line: number): void {
    refuseExtraRow(this.#options, line);
    if (this.#elements === undefined) this.#begin(columns);
    refuseWidth(this.#options.file, columns, this.#columns, line);
  }

  other(field: string, column: number, line: number): number {
    // What it stands for may depend on how wide a row is, which its end tells.
    if (this.#options.absent && saysAbsent.test(field)) return Number.NaN;
    throw this.#error(`${placed(field, column)}: expected a finite number`, line);
  }

  /** The matrix, after so many rows. */
  finish(rows: number): { elements: Elements; columns: number } {
    refuseMissingRows(this.#options, rows);
    const elements = this.#elements ?? this.#options.allocate(0, 0);
    return { elements, columns: this.#columns };
  }

  #begin(columns: number): void {
    const { allocate, file, rows, countedIn, mostElements } = this.#options;
    this.#columns = columns;
    refuseWidth(file, columns, this.#options.columns ?? columns, 1);
    const first = this.#first.map((value, column) => this.#checked(value, column, 1));
    if (rows * columns > mostElements) {
      const said = `${rows} rows, which ${countedIn} says, of ${countOf(columns, 'column')}`;
      throw this.#error(`is too small a file for ${said}`, 1);
    }
    this.#elements = allocated(file, () => allocate(rows * columns, columns));
    this.#elements.set(first);
    this.#first = [];
  }

  #checked(value: number, column: number, line: number): number {
    // Where it stands for nothing, it is what no objection lets pass.
    const meant = Number.isNaN(value) ? (this.#options.absent?.(this.#columns) ?? value) : value;
    const expected = this.#options.objection(meant, this.#columns);
    if (expected === undefined) return meant;
    const said = Number.isNaN(value) ? `column ${column + 1} is empty` : placed(`${value}`, column);
    throw this.#error(`${said}: expected ${expected}`, line);
  }

  #error(message: string, line: number): DataError {
    return new DataError(this.#options.file, message, line);
  }
}

function placed(field: string, column: number): string {
  return `column ${column + 1} is '${field}'`;
}

/**
 * Makes room for what a file holds or says that it holds.
 *
 * @throws DataError where that is more than an array can be
 */
export function allocated<Elements>(file: string, allocate: () => Elements): Elements {
  try {
    return allocate();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new DataError(file, `asks for an array that is too large (${cause.message})`, undefined, {
      cause,
    });
  }
}
