import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '@sketchgrad/core';
import type { Configuration } from './progress.js';

const show = (configuration: Configuration, name: string): string =>
  Object.hasOwn(configuration, name) ? JSON.stringify(configuration[name]) : 'not set';

/**
 * Refuses to continue a run under settings that are not its own: the end would be neither the old
 * run's nor the new one's.
 *
 * @param file the checkpoint, for the message
 * @throws UsageError naming every setting that differs, with both values
 */
export function checkSameConfiguration(
  file: string,
  saved: Configuration,
  current: Configuration,
): void {
  const names = [...new Set([...Object.keys(saved), ...Object.keys(current)])];
  const differences = names
    .filter((name) => !isDeepStrictEqual(saved[name], current[name]))
    .map((name) => `${name} (${show(saved, name)} there, ${show(current, name)} here)`);
  if (differences.length > 0) {
    throw new UsageError(
      `${file} is of a run with other settings: ${differences.join(', ')}. ` +
        'Resume with the settings of that run, or start a new one in another directory',
    );
  }
}
