import type { Random } from './random.js';
import { integers, numbers, openings, pieces } from './tokens.js';

type Bytes = Uint8Array;

/** What a mutation may draw on beside the bytes that it changes. */
export interface MutationContext {
  readonly random: Random;
  /** The format's own words. */
  readonly tokens: readonly Bytes[];
  /** Another input of the same kind. */
  readonly other: Bytes;
  /** The longest run of one byte that may be put in. */
  readonly longestRun: number;
}

/** Changes bytes into others; the bytes that it is given stay as they are. */
export type Mutation = (bytes: Bytes, context: MutationContext) => Bytes;

const encoder = new TextEncoder();
const commonTokens = [...numbers, ...pieces].map((text) => encoder.encode(text));
const numberTokens = numbers.map((text) => encoder.encode(text));

// A Buffer's slice() would be the same bytes: copies are made by new Uint8Array.
const replaced = (bytes: Bytes, start: number, end: number, by: Bytes): Bytes => {
  const result = new Uint8Array(bytes.length - (end - start) + by.length);
  result.set(bytes.subarray(0, start));
  result.set(by, start);
  result.set(bytes.subarray(end), start + by.length);
  return result;
};

// Headers and directories stand at either end, and a uniform draw seldom meets them in a large file.
const placeIn = (bytes: Bytes, random: Random): number => {
  const near = Math.min(64, bytes.length);
  const where = random.below(4);
  if (where === 0) return random.below(near);
  if (where === 1) return bytes.length - near + random.below(near);
  return random.below(bytes.length + 1);
};

const spanOf = (bytes: Bytes, random: Random): [start: number, end: number] => {
  const start = Math.min(placeIn(bytes, random), Math.max(bytes.length - 1, 0));
  return [start, start + Math.min(random.size(bytes.length), bytes.length - start)];
};

const anyToken = ({ random, tokens }: MutationContext): Bytes =>
  random.of(tokens.length > 0 && random.chance(0.5) ? tokens : commonTokens);

const isDigit = (byte: number | undefined) => byte !== undefined && byte >= 0x30 && byte <= 0x39;
const isOfNumber = (byte: number | undefined) =>
  isDigit(byte) || byte === 0x2e || byte === 0x2d || byte === 0x2b || byte === 0x65;

// The first number that is written out in digits behind a place, or before it.
const numberNear = (bytes: Bytes, from: number): [number, number] | undefined => {
  let at = bytes.findIndex((byte, index) => index >= from && isDigit(byte));
  if (at === -1) at = bytes.findIndex(isDigit);
  if (at === -1) return undefined;
  let [start, end] = [at, at + 1];
  while (isOfNumber(bytes[start - 1])) start -= 1;
  while (isOfNumber(bytes[end])) end += 1;
  return [start, end];
};

const linesOf = (bytes: Bytes): Bytes[] => {
  const lines: Bytes[] = [];
  for (let start = 0; start < bytes.length; ) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed === -1 ? bytes.length : feed + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
};

const repeated = (unit: Bytes, length: number): Bytes => {
  const result = new Uint8Array(length - (length % unit.length));
  for (let at = 0; at < result.length; at += unit.length) result.set(unit, at);
  return result;
};

/** Every mutation, by name. */
export const mutations: Readonly<Record<string, Mutation>> = {
  flipBits: (bytes, { random }) => {
    const result = new Uint8Array(bytes);
    for (let flips = random.size(8); flips > 0; flips--) {
      const at = placeIn(result, random);
      if (at < result.length) result[at]! ^= 1 << random.below(8);
    }
    return result;
  },

  changeByte: (bytes, { random }) => {
    const result = new Uint8Array(bytes);
    const at = placeIn(result, random);
    if (at < result.length) result[at] = random.below(256);
    return result;
  },

  truncate: (bytes, { random }) => {
    const at = placeIn(bytes, random);
    return random.chance(0.8) ? bytes.slice(0, at) : bytes.slice(at);
  },

  deleteSpan: (bytes, { random }) => {
    const [start, end] = spanOf(bytes, random);
    return replaced(bytes, start, end, new Uint8Array());
  },

  duplicateSpan: (bytes, { random }) => {
    const [start, end] = spanOf(bytes, random);
    const at = random.chance(0.5) ? end : placeIn(bytes, random);
    return replaced(bytes, at, at, bytes.subarray(start, end));
  },

  moveSpan: (bytes, { random }) => {
    const [start, end] = spanOf(bytes, random);
    const rest = replaced(bytes, start, end, new Uint8Array());
    const at = placeIn(rest, random);
    return replaced(rest, at, at, bytes.subarray(start, end));
  },

  insertToken: (bytes, context) => {
    const at = placeIn(bytes, context.random);
    return replaced(bytes, at, at, anyToken(context));
  },

  overwriteByToken: (bytes, context) => {
    const [start, end] = spanOf(bytes, context.random);
    return replaced(bytes, start, end, anyToken(context));
  },

  // Of the same length, so that whatever follows stays where a header says that it is.
  overwriteInPlace: (bytes, context) => {
    const token = anyToken(context);
    const at = Math.min(placeIn(bytes, context.random), Math.max(bytes.length - token.length, 0));
    return replaced(bytes, at, Math.min(at + token.length, bytes.length), token);
  },

  replaceNumber: (bytes, { random }) => {
    const found = numberNear(bytes, placeIn(bytes, random));
    return found === undefined ? bytes : replaced(bytes, ...found, random.of(numberTokens));
  },

  setInteger: (bytes, { random }) => {
    const result = new Uint8Array(bytes);
    const width = random.of([1, 2, 4, 8]);
    const at = placeIn(bytes, random);
    if (at + width > result.length) return result;
    let value = random.of(integers);
    // Lengths that are off by a little are found by other checks than those that are off by much.
    if (random.chance(0.5)) value = BigInt(result[at]! + random.of([-1, 1, 8]));
    const bigEndian = random.chance(0.2);
    for (let byte = 0; byte < width; byte++) {
      const shift = BigInt(8 * (bigEndian ? width - 1 - byte : byte));
      result[at + byte] = Number((value >> shift) & 0xffn);
    }
    return result;
  },

  insertRun: (bytes, { random, longestRun }) => {
    const unit = random.chance(0.5)
      ? bytes.subarray(...spanOf(bytes, random))
      : random.of(commonTokens);
    const at = placeIn(bytes, random);
    const most = random.chance(0.02) ? longestRun : Math.min(longestRun, 1 << 16);
    const length = random.chance(0.1) ? most : random.size(most);
    return replaced(bytes, at, at, unit.length === 0 ? unit : repeated(unit, length));
  },

  insertNest: (bytes, { random }) => {
    const at = placeIn(bytes, random);
    const opening = encoder.encode(random.of(openings));
    return replaced(bytes, at, at, repeated(opening, opening.length * random.size(100_000)));
  },

  changeLines: (bytes, { random, longestRun }) => {
    const lines = linesOf(bytes);
    if (lines.length === 0) return bytes;
    const [from, to] = [random.below(lines.length), random.below(lines.length)];
    const line = lines[from]!;
    const what = random.below(4);
    if (what === 0) lines.splice(from, 1);
    else if (what === 1) lines.splice(to, 0, line);
    else if (what === 2) [lines[from], lines[to]] = [lines[to]!, line];
    else {
      // Copies of a long line would take more memory than the reader that is looked at may.
      const most = Math.max(Math.floor(longestRun / line.length), 1);
      const copies = Math.min(random.size(1000), most);
      lines.splice(to, 0, ...Array.from({ length: copies }, () => line));
    }
    return Buffer.concat(lines);
  },

  splice: (bytes, { random, other }) =>
    Buffer.concat([
      bytes.subarray(0, placeIn(bytes, random)),
      other.subarray(placeIn(other, random)),
    ]),
};
