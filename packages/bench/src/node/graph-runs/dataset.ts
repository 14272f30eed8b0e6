import { existsSync } from 'node:fs';
import { nearName, UsageError } from '@sketchgrad/core';
import { DATASETS } from './defaults.js';

/**
 * Whether `--dataset` names a data set, rather than being the folder of one.
 * @throws UsageError where it is neither, with the name that it is like
 */
export function isNamed(dataset: string): boolean {
  if (DATASETS.some((known) => known === dataset)) return true;
  if (existsSync(dataset)) return false;
  throw new UsageError(
    `the data set '${dataset}' is none of ${DATASETS.join(', ')}${nearName(dataset, DATASETS)}, and no folder`,
  );
}
