import type { FuzzReader } from '@sketchgrad/testing/fuzz';
import { csvGz } from './csv-gz.js';
import { npy } from './npy.js';
import { tokenizer } from './tokenizer.js';
import { tsv } from './tsv.js';
import { zip } from './zip.js';

/** What this package reads, for `pnpm fuzz`. */
export const readers: readonly FuzzReader[] = [tsv, csvGz, npy, zip, tokenizer];
