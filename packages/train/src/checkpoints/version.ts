import { describeValue } from '@sketchgrad/core';
import manifest from '../../package.json' with { type: 'json' };
import type { Checkpoint } from './checkpoint-store.js';

/** Of this package, which all of the project's share. */
export const VERSION: string = manifest.version;

/** What to say of a checkpoint that another version wrote; undefined of this one's. */
export function otherVersion({ file, version }: Checkpoint): string | undefined {
  if (version === VERSION) return undefined;
  const other = version === undefined ? 'another version' : `version ${describeValue(version)}`;
  return `${file} was written by ${other}, this is ${describeValue(VERSION)}: what it leads to may have other numbers than a run of one version`;
}
