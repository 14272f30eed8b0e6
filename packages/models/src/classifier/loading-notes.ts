import { excerpt } from '../json/show-value.js';
import type { TensorStore } from '../safetensors/index.js';
import type { Origins } from './origins.js';

/** What the user of a checkpoint should know of how it was loaded, as sentences. */
export function loadingNotes(
  store: TensorStore,
  { of, missing, replaced, unused }: Origins,
): readonly string[] {
  const notes: string[] = [];
  if (missing.length > 0)
    notes.push(`${store.path} has no ${list(missing, 'and no')}: drawn at random`);
  if (replaced.length > 0)
    notes.push(
      `${list(replaced, 'and')}: drawn at random though ${store.path} has it, for a new head is asked for`,
    );
  if (unused.length > 0)
    notes.push(
      `${store.path} has ${counted(unused.length, 'tensor')} that nothing uses: ${list(unused, 'and')}`,
    );
  const used = [...of.values()].flatMap((origin) => (origin === 'drawn' ? [] : origin));
  const rounded = used.filter((name) => store.info(name).dtype === 'F64').length;
  if (rounded > 0)
    notes.push(`${store.path} has ${counted(rounded, 'tensor')} in F64: rounded to f32`);
  return notes;
}

const MOST_LISTED = 6;

/** Names for a sentence: all where they are few. */
function list(names: readonly string[], joint: string): string {
  const shown = names.slice(0, MOST_LISTED).map(excerpt);
  if (names.length > MOST_LISTED)
    return `${shown.join(', ')} and ${names.length - MOST_LISTED} more`;
  return shown.length === 1
    ? shown[0]!
    : `${shown.slice(0, -1).join(', ')} ${joint} ${shown.at(-1)}`;
}

const counted = (count: number, what: string): string =>
  `${count} ${what}${count === 1 ? '' : 's'}`;
