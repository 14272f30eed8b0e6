import { readFileSync } from 'node:fs';

const source = (file: string): string =>
  readFileSync(new URL(`../../../assembly/src/${file}.ts`, import.meta.url), 'utf8');

/**
 * By how many numbers the loops of some kernel sources step: what they write as `i += 16`. Steps in
 * bytes count as well, which makes for some sizes more.
 */
export function steps(...files: readonly string[]): number[] {
  const found = files.flatMap((file) =>
    [...source(file).matchAll(/\b\w+ \+= (\d+)\b/g)].map((match) => Number(match[1])),
  );
  if (found.length === 0) throw new Error(`no loop of ${files.join(', ')} steps by a number`);
  return [...new Set(found)].sort((a, b) => a - b);
}

/** The number that a constant of a kernel source has. */
export function constantOf(file: string, name: string): number {
  const match = source(file).match(new RegExp(`^(?:export )?const ${name}: \\w+ = (\\d+);`, 'm'));
  if (!match) throw new Error(`${file}.ts has no constant ${name} that is a plain number`);
  return Number(match[1]);
}

/** Numbers of a cache line: shares of elements begin at multiples of it. */
export const LINE = constantOf('memory/share', 'LINE');
