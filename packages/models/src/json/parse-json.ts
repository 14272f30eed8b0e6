import { DataError } from '@sketchgrad/core';
import { checkStructure, type Structure } from './structure.js';

/** What JSON of a file must be beside valid. */
export interface JsonRules extends Pick<Structure, 'uniqueKeys'> {
  /** What to call the text in messages, with a space behind it. Default: nothing, the file itself. */
  readonly what?: string;
}

/** Deeper than anything that people and programs write into the files read here. */
const DEEPEST = 100;

/**
 * Parses UTF-8 JSON that may come from anywhere. What it gives is nested at most 100 deep, so that
 * functions that call themselves may walk it.
 *
 * @throws DataError naming the file where the bytes are not JSON, are nested deeper, or have a key
 * twice in one object where keys must differ
 */
export function parseJson(
  file: string,
  bytes: Uint8Array,
  { what = '', uniqueKeys }: JsonRules,
): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new DataError(file, `${what}is not UTF-8 text`, undefined, { cause });
  }
  const problem = checkStructure(text, { deepest: DEEPEST, uniqueKeys });
  if (problem !== undefined) throw new DataError(file, `${what}${problem}`);
  try {
    return JSON.parse(text);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DataError(file, `${what}is not JSON (${reason})`, undefined, { cause });
  }
}
