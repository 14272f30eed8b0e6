import type { FuzzReader } from '@sketchgrad/testing/fuzz';
import { classifierFiles, config, modelFolder } from './model-folder.js';
import { safetensors } from './safetensors.js';

/** What this package reads, for `pnpm fuzz`. */
export const readers: readonly FuzzReader[] = [safetensors, config, modelFolder, classifierFiles];
