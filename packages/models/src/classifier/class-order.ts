/**
 * Finds the rows of a classifier by its classes' names. Case and what joins words may differ:
 * `NOT-ENTAILMENT` is `not_entailment`.
 *
 * @param stored a class for each row
 * @param asked the same classes in the order in which rows are wanted
 * @returns the row of each class asked for; undefined where the names are not the same ones
 */
export function rowsByName(
  stored: readonly string[],
  asked: readonly string[],
): readonly number[] | undefined {
  return rowsOf(stored, asked) ?? rowsOf(stored.map(simplified), asked.map(simplified));
}

/** Names that only count, which transformers gives where it knows none. */
export const areNumbered = (names: readonly string[]): boolean =>
  names.every((name) => /^LABEL_\d+$/.test(name));

function rowsOf(
  stored: readonly string[],
  asked: readonly string[],
): readonly number[] | undefined {
  const rowOf = new Map(stored.map((name, row) => [name, row]));
  const rows = asked.flatMap((name) => rowOf.get(name) ?? []);
  const isOneToOne = rows.length === stored.length && new Set(rows).size === stored.length;
  return isOneToOne && asked.length === stored.length ? rows : undefined;
}

const simplified = (name: string): string => name.toLowerCase().replace(/[\s_-]+/g, '_');
