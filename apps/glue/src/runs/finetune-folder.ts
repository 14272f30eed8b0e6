import type { RunFolder } from '@sketchgrad/bench/node';
import type { FinetuneResult } from './result.js';

/** The folder of a run of `finetune`, which has the model's files too. */
export type FinetuneFolder = RunFolder<FinetuneResult>;
