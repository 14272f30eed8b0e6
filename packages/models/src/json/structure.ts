import { showValue } from './show-value.js';

/** What is asked of JSON beyond its grammar. */
export interface Structure {
  /** How many objects and lists may stand one in another. */
  readonly deepest: number;
  /** Whether the keys of each object must differ; `JSON.parse` takes the last of those that do not. */
  readonly uniqueKeys: boolean;
}

/**
 * Looks for what `JSON.parse` lets pass, in one pass over the text and before anything is made of it:
 * nesting without end, which ends functions that call themselves, and keys that come twice. Of text
 * that is not JSON it may find nothing.
 *
 * @returns what is wrong, as the end of a sentence; undefined where nothing is
 */
export function checkStructure(
  text: string,
  { deepest, uniqueKeys }: Structure,
): string | undefined {
  /** The keys so far of each object that is open, innermost last; of a list, undefined. */
  const open: (Set<string> | undefined)[] = [];
  let isKeyNext = false;
  for (let at = 0; at < text.length; at++) {
    switch (text[at]) {
      case '{':
      case '[':
        isKeyNext = text[at] === '{';
        open.push(isKeyNext ? new Set() : undefined);
        if (open.length > deepest) return `is nested deeper than ${deepest}`;
        break;
      case '}':
      case ']':
        open.pop();
        isKeyNext = false;
        break;
      case ',':
        isKeyNext = open.at(-1) !== undefined;
        break;
      case '"': {
        const end = endOfString(text, at);
        if (isKeyNext && uniqueKeys) {
          const key = unquoted(text.slice(at, end + 1));
          if (open.at(-1)!.has(key)) return `has the key ${showValue(key)} twice in one object`;
          open.at(-1)!.add(key);
        }
        isKeyNext = false;
        at = end;
        break;
      }
    }
  }
  return undefined;
}

/** The closing quote's place, or the text's end where there is none. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at;
  }
  return text.length;
}

/** One key is the same however it is escaped. What is no string is left for `JSON.parse` to refuse. */
function unquoted(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return quoted;
  }
}
