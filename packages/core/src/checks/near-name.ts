/** Edits beyond which a name is not meant by another. */
const FAR = 3;

/** ` (did you mean 'count'?)` where a known name is near the one given, else nothing. */
export function nearName(name: string, known: Iterable<string>): string {
  let best: string | undefined;
  let least = Math.min(FAR, Math.ceil(name.length / 2)) + 1;
  for (const other of known) {
    const edits = distance(name.toLowerCase(), other);
    if (edits < least) [best, least] = [other, edits];
  }
  return best === undefined ? '' : ` (did you mean '${best}'?)`;
}

/** Letters to insert, delete or replace to get from one word to the other (Levenshtein). */
function distance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (const [index, letter] of [...from].entries()) {
    const next = [index + 1];
    for (let column = 1; column <= to.length; column++)
      next.push(
        Math.min(
          row[column]! + 1,
          next[column - 1]! + 1,
          row[column - 1]! + (to[column - 1] === letter ? 0 : 1),
        ),
      );
    row = next;
  }
  return row.at(-1)!;
}
