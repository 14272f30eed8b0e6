import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkOptions, checkText, DataError } from '@sketchgrad/core';
import { explainSystemError } from '@sketchgrad/core/node';
import type { Fields } from '../checkpoint-config/fields.js';
import type { HeadOptions } from '../checkpoint-config/head.js';
import { configOf, parseFields } from '../checkpoint-config/parse.js';
import type { EncoderConfig } from '../layers/encoder-config.js';

/**
 * Reads a Hugging Face config.json.
 *
 * @param path the file, or the folder that holds it
 * @throws DataError naming the file, the field and what is accepted.
 */
export async function readConfig(path: string, head: HeadOptions = {}): Promise<EncoderConfig> {
  checkText('path', path);
  checkOptions('readConfig', head, { labels: true, problemType: true });
  return configOf(await readFields(path), head);
}

/**
 * The fields of a config.json, unchecked.
 *
 * @param path the file, or the folder that holds it
 * @throws DataError where it is missing or holds no JSON object
 */
export async function readFields(path: string): Promise<Fields> {
  let file = path;
  let bytes: Uint8Array;
  try {
    if ((await stat(path)).isDirectory()) file = join(path, 'config.json');
    bytes = await readFile(file);
  } catch (cause) {
    const reason = explainSystemError(cause);
    throw new DataError(file, `cannot be read: ${reason}`, undefined, { cause });
  }
  return parseFields(file, bytes);
}
