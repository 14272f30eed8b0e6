/** Edits beyond which a name is not meant by another. */
const FAR = 3;

/**
 * ` (did you mean 'count'?)` where a known name is near the one given, else nothing.
 * @param far edits beyond which none is near; 3 unless given, fewer for a short name
 */
export function nearName(name: string, known: Iterable<string>, far = FAR): string {
  let best: string | undefined;
  let least = Math.min(far, Math.ceil(name.length / 2)) + 1;
  for (const other of known) {
    const edits = distance(name.toLowerCase(), other);
    if (edits < least) [best, least] = [other, edits];
  }
  return best === undefined ? '' : ` (did you mean '${best}'?)`;
}

/**
 * Letters to insert, delete or replace, or neighbours to swap, to get from one word to the other (optimal
 * string alignment).
 */
function distance(from: string, to: string): number {
  const letters = [...from];
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of letters.entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++) {
      const edits = Math.min(
        row[column]! + 1,
        next[column - 1]! + 1,
        row[column - 1]! + (to[column - 1] === letter ? 0 : 1),
      );
      const isSwap = to[column - 1] === letters[index - 1] && to[column - 2] === letter;
      next.push(isSwap ? Math.min(edits, before[column - 2]! + 1) : edits);
    }
    before = row;
    row = next;
  }
  return row.at(-1)!;
}
