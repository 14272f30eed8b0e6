import { checkIndexCount } from '../checks/check-members.js';
import { describeValue } from '../checks/describe-value.js';
import { ShapeError, UsageError } from '../errors.js';

/** Widths that a code may have. */
export type CodeBits = 1 | 2 | 3 | 4 | 8;

/** {@link CodeBits}, the widest first. */
export const CODE_BITS: readonly CodeBits[] = [8, 4, 3, 2, 1];

/** So many rows, by falling rank, whose codes have `bits` bits. */
export interface Segment {
  readonly bits: CodeBits;
  readonly rows: number;
}

/** How a matrix's rows are cut into codes. */
export interface CodeSettings {
  /** All rows alike: `bits`. Otherwise `segments`, the widest first, whose rows add up to all. */
  readonly bits?: CodeBits;
  readonly segments?: readonly Segment[];
  /** Features that share a minimum and a step; a row's last group may be shorter. 128 unless given. */
  readonly group?: number;
}

/** {@link CodeSettings}, checked and complete. */
export type CodeLayout = {
  readonly segments: readonly Segment[];
  readonly group: number;
};

/** Codes are packed by so many features; a row is filled up to a multiple of it. */
export const PACKED = 32;

/**
 * Checks settings for a matrix of `rows` rows.
 * @throws UsageError for other widths or groups; ShapeError when segments do not add up to the rows
 */
export function codeLayout(
  rows: number,
  { bits, segments, group = 128 }: CodeSettings,
): CodeLayout {
  checkIndexCount('the group', group);
  if ((bits === undefined) === (segments === undefined))
    throw new UsageError('give either bits, for all rows alike, or segments');
  const all = segments ?? [{ bits: bits!, rows }];
  let total = 0;
  all.forEach((segment, at) => {
    checkBits(segment.bits);
    if (at > 0 && segment.bits >= all[at - 1]!.bits)
      throw new UsageError(
        `segments must have falling bits, not ${all.map((each) => each.bits).join(', ')}`,
      );
    if (!Number.isSafeInteger(segment.rows) || segment.rows < 0)
      throw new UsageError(`a segment must have a whole number of rows ≥ 0, not ${segment.rows}`);
    total += segment.rows;
  });
  if (total !== rows)
    throw new ShapeError(`segments of ${total} rows do not make up a matrix of ${rows}`);
  return { segments: all, group };
}

/** @throws UsageError for a width that codes cannot have */
export function checkBits(bits: number): asserts bits is CodeBits {
  if (!CODE_BITS.some((width) => width === bits))
    throw new UsageError(`codes have 1, 2, 3, 4 or 8 bits, not ${describeValue(bits)}`);
}

/** Groups of a row. */
export const groupCount = (features: number, group: number): number => Math.ceil(features / group);

/** 32-bit words of a row's codes. */
export const rowWords = (features: number, bits: CodeBits): number =>
  Math.ceil(features / PACKED) * bits;

/** 32-bit words of all rows' codes. */
export const codeWords = (features: number, segments: readonly Segment[]): number =>
  segments.reduce((words, { bits, rows }) => words + rows * rowWords(features, bits), 0);

/** The width of the codes of the row of this rank, and the word where they begin. */
export function codesOf(
  rank: number,
  features: number,
  segments: readonly Segment[],
): { readonly bits: CodeBits; readonly word: number } {
  let word = 0;
  let before = 0;
  for (const { bits, rows } of segments) {
    const words = rowWords(features, bits);
    if (rank < before + rows) return { bits, word: word + (rank - before) * words };
    before += rows;
    word += rows * words;
  }
  throw new UsageError(`rank ${rank} is outside [0, ${before})`);
}
