import { DataError } from '@sketchgrad/core';
import type { NumberSink } from './number-parser.js';
import {
  type FileOfNumbers,
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
  /** The array, as soon as the first row has told the number of columns. */
  readonly allocate: (elements: number, columns: number) => Elements;
  /** What a field has to be, in the words of an error, where it is not allowed; undefined where it is. */
  readonly objection: (value: number, columns: number) => string | undefined;
  /** What is said of a row whose field is empty or nan; what is said of other fields unless given. */
  readonly absent?: (row: number) => string;
}

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
    if (this.#elements === undefined) {
      this.#first.push(value);
      return;
    }
    this.#check(value, column, line);
    // One column too many lands in the next row, and `row` throws before anyone reads it.
    this.#elements[(line - 1) * this.#columns + column] = value;
  }

  row(columns: number, line: number): void {
    refuseExtraRow(this.#options, line);
    if (this.#elements === undefined) this.#begin(columns);
    refuseWidth(this.#options.file, columns, this.#columns, line);
  }

  refuse(field: string, column: number, line: number): never {
    const isAbsent = /^\s*(|nan|null|none)\s*$/i.test(field);
    const said = isAbsent ? this.#options.absent?.(line - 1) : undefined;
    throw this.#error(said ?? `${placed(field, column)}: expected a finite number`, line);
  }

  /** The matrix, after so many rows. */
  finish(rows: number): { elements: Elements; columns: number } {
    refuseMissingRows(this.#options, rows);
    const elements = this.#elements ?? this.#options.allocate(0, 0);
    return { elements, columns: this.#columns };
  }

  #begin(columns: number): void {
    const { allocate, file, rows } = this.#options;
    this.#columns = columns;
    refuseWidth(file, columns, this.#options.columns ?? columns, 1);
    for (const [column, value] of this.#first.entries()) this.#check(value, column, 1);
    this.#elements = allocated(file, () => allocate(rows * columns, columns));
    this.#elements.set(this.#first);
    this.#first = [];
  }

  #check(value: number, column: number, line: number): void {
    const expected = this.#options.objection(value, this.#columns);
    if (expected === undefined) return;
    throw this.#error(`${placed(`${value}`, column)}: expected ${expected}`, line);
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
