import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { basename } from 'node:path';
import { DataError } from '@sketchgrad/core';
import { counted } from '../../counted.js';

/** What a run starts from, by name: `data`, `weights`, `choice`, … */
export type Inputs = Readonly<Record<string, string>>;

/** Settings with what a run starts from among them, as a refusal names it: `inputs.weights`. */
export const withInputs = <Settings extends object>(settings: Settings, inputs: Inputs): Settings =>
  Object.assign(
    { ...settings },
    Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`inputs.${name}`, value])),
  );

/**
 * Tells files from others by all that is in them, wherever they lie: `2 files, 1024 bytes, 0a1b…`. Of
 * several their names tell which is which; one alone is the same under any name.
 *
 * @throws DataError for one that cannot be read
 */
export async function digestOfFiles(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  let bytes = 0;
  for (const path of paths) {
    const own = createHash('sha256');
    try {
      for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
        own.update(chunk as Buffer);
        bytes += (chunk as Buffer).length;
      }
    } catch (cause) {
      const message = `cannot be read: ${(cause as Error).message}`;
      throw new DataError(path, message, undefined, { cause });
    }
    if (paths.length > 1) hash.update(`${JSON.stringify(basename(path))}\n`);
    hash.update(own.digest());
  }
  return `${counted(paths.length, 'file')}, ${bytes} bytes, ${shown(hash)}`;
}

/**
 * Tells data from others by all of their numbers, of which the platform's byte order is part, their
 * types, and which part of the data each is in.
 */
export function digestOfNumbers(parts: Readonly<Record<string, NodeJS.TypedArray>>): string {
  const hash = createHash('sha256');
  for (const [name, part] of Object.entries(parts))
    hash.update(`${JSON.stringify([name, part.constructor.name, part.byteLength])}\n`).update(part);
  return shown(hash);
}

/**
 * Tells rows from others by all that is in them and by which part of the data each is in:
 * `train 67 rows, dev 9 rows, 0a1b…`.
 */
export function digestOfRows(parts: Readonly<Record<string, readonly unknown[]>>): string {
  const hash = createHash('sha256');
  for (const [name, rows] of Object.entries(parts)) {
    hash.update(`${JSON.stringify([name, rows.length])}\n`);
    for (const row of rows) hash.update(`${JSON.stringify(row)}\n`);
  }
  const counts = Object.entries(parts).map(
    ([name, { length }]) => `${name} ${counted(length, 'row')}`,
  );
  return `${counts.join(', ')}, ${shown(hash)}`;
}

/** Half of it: enough to tell, and short enough to be read. */
const shown = (hash: Hash): string => hash.digest('hex').slice(0, 32);
