import { gunzipSync, gzipSync, unzipSync, zipSync } from 'fflate';
import type { Files } from './reader.js';

/** How a file packs others: what is in it can be changed, and packed anew as if it had been so. */
export interface Packing {
  /** Which files are packed so. */
  readonly suffix: string;
  unpack(bytes: Uint8Array): Files;
  pack(parts: Files): Uint8Array;
}

/** gzip: one part without a name. */
const gzip: Packing = {
  suffix: '.gz',
  unpack: (bytes) => ({ '': gunzipSync(bytes) }),
  pack: (parts) => gzipSync(parts['']!, { level: 1, mtime: 0 }),
};

/** Zip archives: a part an entry. */
const zip: Packing = {
  suffix: '.zip',
  unpack: (bytes) => unzipSync(bytes),
  // The earliest time that the format can hold: the archive must not depend on the clock.
  pack: (parts) => zipSync({ ...parts }, { level: 1, mtime: new Date(1980, 0, 1) }),
};

/** The packings that every reader's files are looked through for. */
export const commonPackings: readonly Packing[] = [gzip, zip];
