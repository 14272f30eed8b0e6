import { UsageError } from '@sketchgrad/core';
import { dequal } from 'dequal/lite';
import type { Configuration } from './progress.js';

/** Letters of a name or a value, and settings, that are shown: a damaged file may hold any number. */
const [LONGEST, MOST] = [240, 20];

const cut = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);

const show = (configuration: Configuration, name: string): string =>
  Object.hasOwn(configuration, name) ? cut(JSON.stringify(configuration[name])) : 'not set';

/** Objects have members of their own making, such as `__proto__`. */
const ownValue = (configuration: Configuration, name: string): unknown =>
  Object.hasOwn(configuration, name) ? configuration[name] : undefined;

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
    .filter((name) => !dequal(ownValue(saved, name), ownValue(current, name)))
    .map((name) => `${cut(name)} (${show(saved, name)} there, ${show(current, name)} here)`);
  if (differences.length > 0) {
    const told = differences.slice(0, MOST);
    const more = differences.length - told.length;
    throw new UsageError(
      `${file} is of a run with other settings: ${told.join(', ')}` +
        `${more > 0 ? ` and ${more} more` : ''}. ` +
        'Resume with the settings of that run, or start a new one in another directory',
    );
  }
}
