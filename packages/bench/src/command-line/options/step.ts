import { type KeepChoice, RECOMPUTE_MODES } from '@sketchgrad/core';
import { parseKeep, parseWays, type Way } from '@sketchgrad/train/language';
import { type Command, Option } from 'commander';
import { RUN_DEFAULTS } from '../../node/runs/settings.js';
import { wholeNumber } from './numbers.js';
import { orInvalid } from './or-invalid.js';

/** Declares `--backend` and `--threads`. */
export const addBackendOptions = (command: Command): Command =>
  command
    .option(
      '--backend <name>',
      'what computes: cpu, webgpu, tfjs:PLATFORM, reference, or a package',
      RUN_DEFAULTS.backend,
    )
    .option('--threads <n>', "the backend's threads (default: one a core)", wholeNumber(1, 1024));

export const recomputeOption = (): Option =>
  new Option('--recompute <mode>', 'what the backward pass computes again instead of keeping')
    .choices(RECOMPUTE_MODES)
    .default(RUN_DEFAULTS.recompute);

/** @param kept names of what can be kept in few bits; all unless given */
export const keepOption = (description: string, kept?: readonly (keyof KeepChoice)[]): Option =>
  new Option('--keep <bits>', description).argParser((text) =>
    orInvalid(() => parseKeep(text, kept)),
  );

/** @param kept names of what can be kept in few bits; all unless given */
export const waysOption = (description: string, kept?: readonly (keyof KeepChoice)[]): Option =>
  new Option('--ways <list>', description).argParser((text): Way[] =>
    orInvalid(() => parseWays(text, kept)),
  );

/** Declares `--seed` and `--json`. */
export const addSeedAndJson = (command: Command, seedOf = 'seed of all random numbers'): Command =>
  command
    .option('--seed <n>', seedOf, wholeNumber(0, 2 ** 32 - 1), RUN_DEFAULTS.seed)
    .option('--json', 'end with one JSON object, alone on standard output', false);
