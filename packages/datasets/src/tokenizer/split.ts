const behaviors = [
  'Removed',
  'Isolated',
  'MergedWithPrevious',
  'MergedWithNext',
  'Contiguous',
] as const;

/** What becomes of the matches that a text is split at; the names are the tokenizers library's. */
export type Behavior = (typeof behaviors)[number];

export const isBehavior = (value: unknown): value is Behavior =>
  behaviors.some((behavior) => behavior === value);

interface Segment {
  text: string;
  readonly matches: boolean;
}

/**
 * Splits a text at a pattern's matches; no piece is empty.
 *
 * @param pattern with the flag g
 * @param invert splits at what lies between the matches instead
 */
export function splitAt(
  text: string,
  pattern: RegExp,
  behavior: Behavior,
  invert = false,
): string[] {
  const segments = segmentsOf(text, pattern, invert);
  switch (behavior) {
    case 'Removed':
      return segments.filter(({ matches }) => !matches).map((segment) => segment.text);
    case 'Isolated':
      return segments.map((segment) => segment.text);
    case 'Contiguous':
      return merged(segments, (last, next) => last.matches === next.matches);
    case 'MergedWithPrevious':
      return merged(segments, (last, next) => next.matches && !last.matches);
    case 'MergedWithNext':
      return mergedWithNext(segments);
  }
}

function segmentsOf(text: string, pattern: RegExp, invert: boolean): Segment[] {
  const segments: Segment[] = [];
  let end = 0;
  const push = (start: number, stop: number, matches: boolean) => {
    if (stop > start) segments.push({ text: text.slice(start, stop), matches: matches !== invert });
  };
  for (const match of text.matchAll(pattern)) {
    push(end, match.index, false);
    end = match.index + match[0].length;
    push(match.index, end, true);
  }
  push(end, text.length, false);
  return segments;
}

/** @param joins whether a segment is put to the one before it, which `last` describes */
function merged(
  segments: readonly Segment[],
  joins: (last: Segment, next: Segment) => boolean,
): string[] {
  const pieces: string[] = [];
  let last: Segment | undefined;
  for (const segment of segments) {
    if (last !== undefined && joins(last, segment)) {
      pieces.push(pieces.pop()! + segment.text);
    } else {
      pieces.push(segment.text);
    }
    last = segment;
  }
  return pieces;
}

function mergedWithNext(segments: readonly Segment[]): string[] {
  const pieces: string[] = [];
  let before = '';
  for (const { text, matches } of segments) {
    if (!matches) {
      pieces.push(before + text);
      before = '';
      continue;
    }
    if (before !== '') pieces.push(before);
    before = text;
  }
  if (before !== '') pieces.push(before);
  return pieces;
}
