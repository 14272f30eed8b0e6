import { stat } from 'node:fs/promises';
import { type MatrixArray, type MatrixOptions, MatrixSink } from '../../graphs/matrix-sink.js';
import { requireFile } from '../files.js';
import { readNumbers } from './read-numbers.js';

// DEFLATE's densest code is a match of 258 bytes in two bits (RFC 1951).
const mostUnpackedPerByte = (258 * 8) / 2;

/**
 * Reads a matrix with a given number of rows from a gzip'd file. What the file cannot hold is not made
 * room for, whatever number of rows is asked for.
 *
 * @throws DataError as `readNumbers` and {@link MatrixSink} do
 */
export async function readMatrix<Elements extends MatrixArray>(
  options: Omit<MatrixOptions<Elements>, 'mostElements'>,
): Promise<{ elements: Elements; columns: number }> {
  await requireFile(options.file);
  const { size } = await stat(options.file);
  // A number is a digit at least, and what parts it from the next one.
  const mostElements = Math.ceil((size * mostUnpackedPerByte) / 2);
  const sink = new MatrixSink({ ...options, mostElements });
  return sink.finish(await readNumbers(options.file, sink));
}
