import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { DataError } from '@sketchgrad/core';
import { NumberParser, type NumberSink } from '../../graphs/number-parser.js';
import { reasonOf } from '../../text.js';
import { isErrorWithCode, requireFile } from '../files.js';

// Pieces of a file and of what it unpacks to, in bytes: large enough that calls cost nothing.
const pieceBytes = 1 << 16;

/**
 * Reads a gzip'd file of comma-separated numbers from end to end, a piece at a time: beside what the
 * sink keeps, memory does not grow with the file.
 *
 * @returns the number of rows
 * @throws DataError where the file is missing or unreadable, and, with the line, where the gzip
 *   breaks off or is damaged; whatever the sink throws
 */
export async function readNumbers(file: string, sink: NumberSink): Promise<number> {
  await requireFile(file);
  const parser = new NumberParser(sink);
  const packed = createReadStream(file, { highWaterMark: pieceBytes });
  const unpacked = createGunzip({ chunkSize: pieceBytes });
  // `pipe` does not hand errors on, and whoever reads `unpacked` would wait for ever.
  packed.on('error', (cause) => unpacked.destroy(cause));
  try {
    for await (const piece of packed.pipe(unpacked)) parser.push(piece as Buffer);
  } catch (cause) {
    if (!isErrorWithCode(cause) || cause instanceof DataError) throw cause;
    throw new DataError(
      file,
      `is not a whole gzip file (${reasonOf(cause)}): get it again`,
      parser.line,
      { cause },
    );
  } finally {
    packed.destroy();
  }
  parser.end();
  return parser.line - 1;
}
