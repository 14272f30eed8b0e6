/** The first name that comes a second time; undefined where all differ. */
export function firstRepeated(names: readonly string[]): string | undefined {
  const known = new Set<string>();
  return names.find((name) => known.size === known.add(name).size);
}
