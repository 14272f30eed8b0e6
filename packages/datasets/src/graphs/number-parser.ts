/** Takes what a {@link NumberParser} finds. */
export interface NumberSink {
  /** A field of a row. */
  value(value: number, column: number, line: number): void;
  /** The end of a row of so many fields. */
  row(columns: number, line: number): void;
  /** A field that is not a finite number, as it stands there: what it means, or throws. */
  other(field: string, column: number, line: number): number;
}

const digit0 = 0x30;
const digit9 = 0x39;
const comma = 0x2c;
const lineFeed = 0x0a;
const carriageReturn = 0x0d;
const minus = 0x2d;
const plus = 0x2b;
const point = 0x2e;

// A field of a file that is no text may be as long as the file.
const longestField = 400;

// So many are no end of a file any more: they are rows, however many may follow.
const mostEmptyLines = 1 << 16;

// 10^22 is the largest power of ten that f64 holds exactly.
const powersOfTen = Float64Array.from({ length: 23 }, (_, power) => Number(`1e${power}`));

/**
 * Reads comma-separated numbers out of bytes, a piece at a time: no text is made of them. Lines end in
 * LF or CRLF; empty lines count as fields without a number, save at the end of the file.
 *
 * Up to 15 significant digits with an exponent of up to 22 are one multiplication or division of two
 * f64 that are exact, which IEEE 754 rounds correctly (Clinger, "How to read floating point numbers
 * accurately", PLDI 1990, its fast path). Other fields go through `Number`, alone.
 */
export class NumberParser {
  readonly #sink: NumberSink;
  /** The beginning of a field that the end of a piece has cut. */
  #cut = new Uint8Array(0);
  #column = 0;
  #line = 1;
  #emptyLines = 0;

  constructor(sink: NumberSink) {
    this.#sink = sink;
  }

  /** The line that is being read; at the end, one more than there are rows. */
  get line(): number {
    return this.#line;
  }

  /** Reads the next piece. */
  push(piece: Uint8Array): void {
    const bytes = this.#cut.length === 0 ? piece : joined(this.#cut, piece);
    let start = 0;
    for (let at = this.#cut.length; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (byte !== comma && byte !== lineFeed) continue;
      this.#field(bytes, start, at, byte === lineFeed);
      start = at + 1;
    }
    // No number is that long, and what is carried on is copied each time.
    if (bytes.length - start > longestField) this.#field(bytes, start, bytes.length, false);
    // A copy: the piece's buffer may be used again for the next one.
    this.#cut = bytes.slice(start);
  }

  /** Reads what the last piece has left: a line without a line feed. */
  end(): void {
    if (this.#cut.length > 0 || this.#column > 0) {
      this.#field(this.#cut, 0, this.#cut.length, true);
    }
    this.#cut = new Uint8Array(0);
  }

  #field(bytes: Uint8Array, start: number, stop: number, endsRow: boolean): void {
    const end = endsRow && stop > start && bytes[stop - 1] === carriageReturn ? stop - 1 : stop;
    if (endsRow && end === start && this.#column === 0) {
      this.#emptyLines += 1;
      if (this.#emptyLines === mostEmptyLines) this.#emptyRows();
      return;
    }
    // Empty lines with something after them were rows after all.
    this.#emptyRows();
    const number = numberOf(bytes, start, end);
    this.#sink.value(
      Number.isFinite(number) ? number : this.#other(textOf(bytes, start, end)),
      this.#column,
      this.#line,
    );
    this.#column += 1;
    if (endsRow) this.#endRow();
  }

  #emptyRows(): void {
    for (; this.#emptyLines > 0; this.#emptyLines--) {
      this.#sink.value(this.#other(''), 0, this.#line);
      this.#column = 1;
      this.#endRow();
    }
  }

  #other(field: string): number {
    return this.#sink.other(field, this.#column, this.#line);
  }

  #endRow(): void {
    this.#sink.row(this.#column, this.#line);
    this.#column = 0;
    this.#line += 1;
  }
}

function numberOf(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > longestField) return Number.NaN;
  let at = start;
  const sign = bytes[at];
  if (at < end && (sign === minus || sign === plus)) at += 1;
  let mantissa = 0;
  let digits = 0;
  let fraction = 0;
  let seenPoint = 0;
  for (; at < end; at++) {
    const byte = bytes[at]!;
    if (byte >= digit0 && byte <= digit9) {
      mantissa = mantissa * 10 + (byte - digit0);
      digits += 1;
      fraction += seenPoint;
    } else if (byte === point && seenPoint === 0) {
      seenPoint = 1;
    } else {
      break;
    }
  }
  // Zeros before the first digit that counts make no difference to the mantissa, which is exact below 2^53.
  const isPlain = at === end && digits > 0 && mantissa <= 999_999_999_999_999 && fraction <= 22;
  if (!isPlain) return slowNumberOf(bytes, start, end);
  const size = fraction === 0 ? mantissa : mantissa / powersOfTen[fraction]!;
  return sign === minus ? -size : size;
}

const decimal = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

// `Number` alone would take hexadecimal digits and blanks too.
function slowNumberOf(bytes: Uint8Array, start: number, end: number): number {
  const text = textOf(bytes, start, end);
  return decimal.test(text) ? Number(text) : Number.NaN;
}

function textOf(bytes: Uint8Array, start: number, end: number): string {
  return String.fromCharCode(...bytes.subarray(start, Math.min(end, start + longestField)));
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const result = new Uint8Array(first.length + second.length);
  result.set(first);
  result.set(second, first.length);
  return result;
}
