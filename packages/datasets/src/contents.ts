import { describeValue, nearName, UsageError } from '@sketchgrad/core';
import { decodeText } from './text.js';

/** What a caller brings of a file: its text, or the bytes of it in UTF-8. */
export type Content = string | Uint8Array;

/**
 * @param file named in errors
 * @throws UsageError for what is neither text nor bytes; DataError, with the line, where bytes are not UTF-8
 */
export function contentText(content: Content, file: string): string {
  if (content instanceof Uint8Array) return decodeText(content, file);
  if (typeof content === 'string') return content.replace(/^\ufeff/, '');
  throw new UsageError(
    `the content of ${file} is ${describeValue(content)}: expected text, or its bytes in a Uint8Array`,
  );
}

/**
 * Refuses what are no files by their names, and a name that nothing would read.
 *
 * @param names of all files that are read, whether they have to be there or not
 * @throws UsageError
 */
export function checkContents(
  of: string,
  files: Readonly<Record<string, Content | undefined>>,
  names: readonly string[],
): void {
  if (typeof files !== 'object' || files === null || Array.isArray(files)) {
    throw new UsageError(
      `${of} takes the content of files by their names, { '${names[0]}': … }, but it is ${describeValue(files)}`,
    );
  }
  const other = Object.keys(files).find((name) => !names.includes(name));
  if (other === undefined) return;
  throw new UsageError(
    `${of} reads no file '${other}'${nearName(other, names)}: expected ${names.join(', ')}`,
  );
}
