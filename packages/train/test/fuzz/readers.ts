import type { FuzzReader } from '@sketchgrad/testing/fuzz';
import { checkpoint } from './checkpoint.js';
import { resumedRun } from './resumed-run.js';

/** What this package reads, for `pnpm fuzz`. */
export const readers: readonly FuzzReader[] = [checkpoint, resumedRun];
