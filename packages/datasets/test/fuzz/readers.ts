import type { FuzzReader } from '@sketchgrad/testing/fuzz';
import { csvGz, npyReader } from './node-dataset.js';
import { tokenizer } from './tokenizer.js';
import { tsv } from './tsv.js';
import { zip } from './zip.js';

/** What this package reads, for `pnpm fuzz`. */
export const readers: readonly FuzzReader[] = [tsv, csvGz, npyReader, zip, tokenizer];
