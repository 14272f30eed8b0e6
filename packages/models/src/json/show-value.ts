const LONGEST = 80;

/** A name of a file's for a message, cut where it is long. */
export const excerpt = (text: string): string =>
  text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${text.length} characters)`;

/** Entries of an object or list, and objects and lists in one another, that are looked at. */
const [MOST, DEEPEST] = [16, 4];

/** A value of parsed JSON for a message: as JSON, cut where it is long or deep. */
export function showValue(value: unknown): string {
  // JSON writes null for Infinity, which is how 1e400 is read.
  const text = typeof value === 'number' ? String(value) : JSON.stringify(cut(value, DEEPEST));
  if (text === undefined) return String(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 3)}...` : text;
}

function cut(value: unknown, levels: number): unknown {
  if (typeof value === 'string') return value.slice(0, LONGEST);
  if (typeof value !== 'object' || value === null) return value;
  if (levels === 0) return '...';
  if (Array.isArray(value)) return value.slice(0, MOST).map((item) => cut(item, levels - 1));
  const entries: [string, unknown][] = [];
  for (const key in value) {
    if (entries.length === MOST) break;
    entries.push([key.slice(0, LONGEST), cut(value[key as keyof typeof value], levels - 1)]);
  }
  return Object.fromEntries(entries);
}
