import { UsageError } from '@sketchgrad/core';
import type { Command } from 'commander';

/** Whether an option was typed, rather than left at its default. @param name as in the options object */
export const isGiven = (command: Command, name: string): boolean =>
  command.getOptionValueSource(name) === 'cli';

/**
 * Refuses options that were typed and that nothing would look at.
 *
 * @param names as in the options object
 * @param where what makes them useless: `with the task wordnet: …`
 * @throws UsageError naming the first of them
 */
export function refuseUnused(command: Command, names: readonly string[], where: string): void {
  const unused = command.options.find(
    (option) => names.includes(option.attributeName()) && isGiven(command, option.attributeName()),
  );
  if (unused) throw new UsageError(`${unused.long} has no use ${where}`);
}

/**
 * Refuses options that were typed with nothing as their text, as `--out "$OUT"` is where OUT is not set.
 * @throws UsageError naming the first of them
 */
export function refuseEmpty(command: Command): void {
  const empty = command.options.find((option) => {
    const value: unknown = command.getOptionValue(option.attributeName());
    return typeof value === 'string' && value.trim() === '';
  });
  if (empty) throw new UsageError(`${empty.long} is empty: ${empty.flags} takes a text`);
}

/**
 * Refuses an option that was typed beside its own contrary, of which the last would win unsaid.
 *
 * @param words as they were typed
 * @throws UsageError naming the first pair
 */
export function refuseContrary(command: Command, words: readonly string[]): void {
  const end = words.indexOf('--');
  const typed = new Set(end < 0 ? words : words.slice(0, end));
  for (const { negate, long } of command.options) {
    const contrary = long?.replace(/^--no-/, '--');
    if (negate && typed.has(long!) && typed.has(contrary!))
      throw new UsageError(`${contrary} and ${long} say the contrary of each other: leave one out`);
  }
}
