import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';
import { DataError } from '@sketchgrad/core';
import { type Entry, openPromise, type ZipFile } from 'yauzl';
import { excerpt, reasonOf } from '../../text.js';
import { crc32 } from './crc32.js';

/** What to take out of an archive, and where to put it. */
export interface UnzipOptions {
  readonly folder: string;
  readonly names: readonly string[];
  /** An existing folder. */
  readonly into: string;
  /** What errors name as the archive. */
  readonly origin: string;
  /** The most bytes that the files may unpack to, all together. */
  readonly maxBytes: number;
}

// APPNOTE.TXT, 4.4.5.
const stored = 0;
const deflated = 8;

/**
 * Takes files out of a zip archive: those named `folder/name` for one of `names`, written as `name`
 * into an existing folder; a name may have folders in it. What an entry declares, its size and its
 * CRC-32, has to be so. Other entries are passed over, but one whose path leads out of the archive
 * (`../`, an absolute path) condemns all of it.
 *
 * @throws DataError on what is not a zip archive, is damaged, has such a path, an entry twice, or more
 *   bytes than it may, or lacks one of the files
 */
export async function unzipFiles(
  archive: string,
  { folder, names, into, origin, maxBytes }: UnzipOptions,
): Promise<void> {
  const missing = new Map(names.map((name) => [`${folder}/${name}`, name]));
  const found = new Set<string>();
  try {
    const zip = await openPromise(archive);
    // Iterating hands its errors on by itself. This is for one that comes later, from closing the file,
    // when all that was read has been checked.
    zip.on('error', () => undefined);
    try {
      let declaredBytes = 0;
      for await (const entry of zip.eachEntry()) {
        const { fileName } = entry;
        if (found.has(fileName)) throw new Error(`it has ${fileName} twice`);
        const name = missing.get(fileName);
        if (name === undefined) continue;
        declaredBytes += entry.uncompressedSize;
        if (declaredBytes > maxBytes) {
          throw new Error(`unpacks to ${declaredBytes} bytes: expected at most ${maxBytes}`);
        }
        await unzipEntry(zip, entry, join(into, name));
        found.add(fileName);
        missing.delete(fileName);
      }
    } finally {
      zip.close();
    }
  } catch (cause) {
    const reason = excerpt(reasonOf(cause));
    throw new DataError(origin, `is not a usable zip archive (${reason})`, undefined, { cause });
  }
  if (missing.size > 0) {
    throw new DataError(origin, `the archive lacks ${[...missing.keys()].join(', ')}`);
  }
}

async function unzipEntry(zip: ZipFile, entry: Entry, file: string): Promise<void> {
  const { fileName, compressionMethod } = entry;
  if (entry.isEncrypted()) throw new Error(`${fileName} is encrypted`);
  if (compressionMethod !== stored && compressionMethod !== deflated) {
    throw new Error(`${fileName} is packed by method ${compressionMethod}: expected deflate`);
  }
  // As it is packed: yauzl, where it inflates, hands errors on to a stream that may be gone by then,
  // and nobody catches them.
  const packed = await zip.openReadStreamPromise(entry, { decodeFileData: false });
  await mkdir(dirname(file), { recursive: true });
  const unpacking = compressionMethod === deflated ? [createInflateRaw()] : [];
  const written = createWriteStream(file, { flags: 'wx' });
  await pipeline([packed, ...unpacking, new DeclaredEntry(entry), written]);
}

/** Lets an entry's bytes through, as many as it declares and with the CRC-32 that it declares. */
class DeclaredEntry extends Transform {
  readonly #entry: Entry;
  #bytes = 0;
  #crc32 = 0;

  constructor(entry: Entry) {
    super();
    this.#entry = entry;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    const { fileName, uncompressedSize } = this.#entry;
    this.#bytes += chunk.length;
    this.#crc32 = crc32(chunk, this.#crc32);
    if (this.#bytes <= uncompressedSize) done(null, chunk);
    else
      done(new Error(`${fileName} has more than the ${uncompressedSize} bytes that it declares`));
  }

  override _flush(done: TransformCallback): void {
    const { fileName, uncompressedSize, crc32: declared } = this.#entry;
    if (this.#bytes !== uncompressedSize) {
      done(new Error(`${fileName} has ${this.#bytes} bytes: it declares ${uncompressedSize}`));
    } else if (this.#crc32 !== declared) {
      const [is, expected] = [this.#crc32, declared].map((value) => value.toString(16));
      done(new Error(`${fileName} is damaged: its CRC-32 is ${is}, and declared ${expected}`));
    } else done();
  }
}
