import { DataError } from '@sketchgrad/core';

/**
 * The text of UTF-8 bytes; a byte order mark at its start is left out.
 *
 * @param file named in errors
 * @throws DataError, with the line, where they are not UTF-8
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new DataError(file, 'is not UTF-8 text', firstBadLine(bytes), { cause });
  }
}

/** Cuts text at line feeds, with or without a carriage return before them; no line after the last. */
export function textLines(text: string): string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
}

/**
 * Reads text as one JSON object.
 *
 * @throws DataError where it is not JSON, or not an object
 */
export function parseJsonObject(text: string, file: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DataError(file, `is not JSON (${reasonOf(cause)})`, undefined, { cause });
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new DataError(file, 'expected a JSON object');
  }
  return value as Record<string, unknown>;
}

/** An error's message in one line, for the brackets of another error's message. */
export function reasonOf(cause: unknown): string {
  return (cause instanceof Error ? cause.message : String(cause)).replaceAll('\n', ' ');
}

/** What a file holds, for an error that quotes it: a damaged file's field may be as long as the file. */
export function excerpt(text: string): string {
  const most = 100;
  return text.length <= most ? text : `${text.slice(0, most)}… (${text.length} characters)`;
}

// A line at a time, since only a whole-file decode has failed: a line feed is never part of another character.
function firstBadLine(bytes: Uint8Array): number | undefined {
  let line = 1;
  for (let start = 0; start < bytes.length; line++) {
    const feed = bytes.indexOf(0x0a, start);
    const end = feed === -1 ? bytes.length : feed;
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(start, end));
    } catch {
      return line;
    }
    start = end + 1;
  }
  return undefined;
}
