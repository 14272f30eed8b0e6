import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { DataError } from '@sketchgrad/core';
import type { DrawnInput } from './input.js';
import type { FuzzReader } from './reader.js';

/** What came of a run: an answer that passed the check, a promised error, or what should not be. */
export type Outcome =
  | { readonly kind: 'answer' }
  | { readonly kind: 'error'; readonly message: string }
  | { readonly kind: 'failure'; readonly what: string };

// An error is for people: one that quotes a damaged file whole is none.
const longestMessage = 3000;

/**
 * Reads one input and judges what comes of it.
 *
 * @param mustAnswer true for a sample, which is no damaged input: an error is a failure too
 */
export async function attempt(
  reader: FuzzReader,
  { files, whole }: Pick<DrawnInput, 'files' | 'whole'>,
  mustAnswer: boolean,
): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'sketchgrad-fuzz-'));
  try {
    await writeFiles(folder, files);
    const input = { folder, files, whole };
    let answer: unknown;
    try {
      answer = await reader.read(input);
    } catch (error) {
      return judged(error, reader, mustAnswer);
    }
    try {
      await reader.check(answer, input);
    } catch (error) {
      return { kind: 'failure', what: `a wrong answer: ${describe(error)}` };
    }
    return { kind: 'answer' };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Puts an input's files into a folder. */
export async function writeFiles(folder: string, files: DrawnInput['files']): Promise<void> {
  for (const [path, bytes] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, bytes);
  }
}

function judged(error: unknown, { errors }: FuzzReader, mustAnswer: boolean): Outcome {
  const promised = errors ?? [DataError];
  if (!promised.some((kind) => error instanceof kind)) {
    return { kind: 'failure', what: `not a promised error: ${describe(error)}` };
  }
  const { message } = error as Error;
  if (mustAnswer) return { kind: 'failure', what: `a sample is refused: ${message}` };
  if (message.length > longestMessage) {
    return {
      kind: 'failure',
      what: `an error of ${message.length} characters: ${message.slice(0, 200)}`,
    };
  }
  return { kind: 'error', message };
}

/** An error with the place where it came from, in few lines. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return `thrown: ${String(error)}`;
  const [, ...frames] = (error.stack ?? '').split('\n    at ');
  const own = frames.filter((frame) => !frame.includes('node:')).slice(0, 3);
  const text = `${error.name}: ${error.message.slice(0, 500)}`;
  return [text, ...own.map((frame) => frame.trim())].join('\n      at ');
}
