import type { RunFolder } from '@sketchgrad/bench/command-line';
import type { FinetuneOptions } from '../options/finetune.js';
import type { FinetuneResult } from './result.js';

/** The options that a run's numbers depend on, by name. */
export type FinetuneSettings = Partial<FinetuneOptions>;

/** The folder of a run of `finetune`, which has the model's files too. */
export type FinetuneFolder = RunFolder<FinetuneSettings, FinetuneResult>;
