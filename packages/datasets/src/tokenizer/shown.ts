const longest = 60;

/** A text for an error, which is for people: its beginning where it is long. */
export const cut = (text: string): string =>
  text.length > longest ? `${text.slice(0, longest)}…` : text;

/**
 * A value of a JSON file for an error, in little more than a line however large or deep it is.
 *
 * @param depth how many lists and objects within one another are shown
 */
export function shown(value: unknown, depth = 2): string {
  if (typeof value === 'string') return JSON.stringify(cut(value));
  if (typeof value !== 'object' || value === null) return String(value);
  const entries: string[] = [];
  for (const [key, inner] of Object.entries(value).slice(0, 3)) {
    if (depth === 0) break;
    const text = shown(inner, depth - 1);
    entries.push(Array.isArray(value) ? text : `${shown(key)}:${text}`);
  }
  const left = Object.keys(value).length - entries.length;
  const content = [...entries, ...(left > 0 ? ['…'] : [])].join(',');
  return Array.isArray(value) ? `[${content}]` : `{${content}}`;
}
