import { DataError } from '@sketchgrad/core';
import { type AddedToken, sameToken } from './added-token.js';
import type { AddedVocabulary } from './added-vocabulary.js';
import { type DeclaredToken, declaredTokens, tokensOfWhole } from './declared-tokens.js';
import { cut } from './shown.js';
import { type SpecialTokens, specialTokens } from './special-tokens.js';
import type { TokenizerClass } from './tokenizer-class.js';
import type { TokenizerFiles } from './tokenizer-files.js';

/** Every token that a folder's files name beside the model's vocabulary. */
export interface FolderTokens extends SpecialTokens {
  /** Those of tokenizer.json, in its order. */
  readonly ofWhole: readonly DeclaredToken[];
  /** Those that are listed with an index in the files that count, by index. */
  readonly declared: readonly DeclaredToken[];
}

/** @throws DataError where a file's tokens or their indices are not such */
export function folderTokens(files: TokenizerFiles, kind: TokenizerClass): FolderTokens {
  const special = specialTokens(files, kind);
  const everySpecial = [...special.named.values(), ...special.additional];
  const contents = new Set(everySpecial.map(({ content }) => content));
  return {
    ...special,
    ofWhole: tokensOfWhole(files),
    declared: declaredTokens(files, contents),
  };
}

/**
 * Adds a folder's tokens in the order of transformers 5, on which the indices of new ones depend:
 * tokenizer.json's own where it counts as it is, those that are listed with an index, by index, then
 * special tokens by their names' order, and additional ones.
 */
export function addTokens(
  added: AddedVocabulary,
  tokens: FolderTokens,
  kind: TokenizerClass,
): void {
  const { named, additional, ofWhole, declared } = tokens;
  const own = new Map<string, AddedToken>();
  if (kind === 'whole') for (const { token } of ofWhole) own.set(token.content, token);
  for (const token of own.values()) added.add(token);
  const names = new Set([...named.values()].map(({ content }) => content));
  for (const { token } of declared) {
    const there = own.get(token.content);
    if (there !== undefined && sameToken(there, token)) continue;
    added.add({ ...token, special: token.special || names.has(token.content) });
  }
  const special: AddedToken[] = [];
  const listed = new Set([...own.keys(), ...declared.map(({ token }) => token.content)]);
  for (const token of [...named.values(), ...additional]) {
    // A token that has two names is added for each, so that the flags of the last are kept.
    if (listed.has(token.content) || special.some((other) => sameToken(other, token))) continue;
    special.push(token);
    added.add(token);
  }
}

/** Whether a file lists a token, rather than only says what one is for. */
export function isListed(
  { ofWhole, declared, additional }: FolderTokens,
  content: string,
): boolean {
  return (
    [...ofWhole, ...declared].some(({ token }) => token.content === content) ||
    additional.some((token) => token.content === content)
  );
}

/** One more than the largest index that a file lists for an added token. */
export function listedSize({ ofWhole, declared }: FolderTokens): number {
  let size = 0;
  for (const { id } of [...ofWhole, ...declared]) size = Math.max(size, id + 1);
  return size;
}

/**
 * @param rows how many the model's embedding has
 * @throws DataError naming the first token that is listed with an index that has no row
 */
export function checkListedIndices({ ofWhole, declared }: FolderTokens, rows: number): void {
  for (const { token, id, file } of [...declared, ...ofWhole]) {
    if (id < rows) continue;
    throw new DataError(
      file,
      `added token '${cut(token.content)}' has index ${id}, and the model has only ${rows} tokens: expected an integer from 0 to ${rows - 1}`,
    );
  }
}
