import { DataError } from '@sketchgrad/core';
import { type AddedToken, plainToken, readAddedToken, readIndex } from './added-token.js';
import { cut, shown } from './shown.js';
import { setting, type TokenizerFiles } from './tokenizer-files.js';

/** An added token as a file lists it with an index. */
export interface DeclaredToken {
  readonly token: AddedToken;
  readonly id: number;
  readonly file: string;
}

/** The added tokens of a tokenizer.json, in the file's order. */
export function tokensOfWhole({ whole }: TokenizerFiles): DeclaredToken[] {
  const list = whole?.content.added_tokens ?? [];
  const { file } = whole ?? { file: '' };
  if (!Array.isArray(list)) {
    throw new DataError(file, `added_tokens is ${shown(list)}: expected a list`);
  }
  return list.map((entry: unknown, place) => {
    const token = readAddedToken(entry, `added token ${place}`, file);
    if (typeof entry === 'string') {
      throw new DataError(file, `added token ${place}, '${cut(entry)}', has no index`);
    }
    const { id } = entry as { readonly id?: unknown };
    return { token, id: readIndex(id, `added token '${cut(token.content)}'`, file), file };
  });
}

/**
 * The added tokens that a folder lists with their indices, by index: those of
 * tokenizer_config.json's added_tokens_decoder, which is all where it is there, else those of
 * added_tokens.json and of tokenizer.json.
 *
 * @param named the special tokens that have names, as pad_token, and additional ones: in
 * added_tokens.json, which gives no flags, they are special
 */
export function declaredTokens(files: TokenizerFiles, named: ReadonlySet<string>): DeclaredToken[] {
  const byId = new Map<number, DeclaredToken>();
  const list = listedByConfig(files) ?? [...listedBeside(files, named), ...tokensOfWhole(files)];
  for (const declared of list) byId.set(declared.id, declared);
  return [...byId.values()].sort((left, right) => left.id - right.id);
}

/** Whether tokenizer_config.json lists the added tokens, so that older files beside it do not count. */
export const configListsTokens = (files: TokenizerFiles): boolean =>
  setting(files, 'added_tokens_decoder') !== undefined;

function listedByConfig(files: TokenizerFiles): DeclaredToken[] | undefined {
  if (!configListsTokens(files)) return undefined;
  const list = setting(files, 'added_tokens_decoder');
  const { file } = files.config!;
  if (typeof list !== 'object' || list === null || Array.isArray(list)) {
    throw new DataError(
      file,
      `added_tokens_decoder is ${shown(list)}: expected an object of tokens by index`,
    );
  }
  return Object.entries(list).map(([key, value]) => {
    const name = `added_tokens_decoder's '${cut(key)}'`;
    if (typeof value === 'string') {
      throw new DataError(file, `${name} is '${cut(value)}': expected an object with its content`);
    }
    const token = readAddedToken(value, name, file);
    const id = /^\d+$/.test(key) ? Number(key) : key;
    return { token, id: readIndex(id, `added token '${cut(token.content)}'`, file), file };
  });
}

function listedBeside(
  { addedTokens }: TokenizerFiles,
  named: ReadonlySet<string>,
): DeclaredToken[] {
  if (addedTokens === undefined) return [];
  const { file, content } = addedTokens;
  return Object.entries(content).map(([text, id]) => {
    const token = readAddedToken(text, 'an added token', file);
    return {
      token: plainToken(token.content, named.has(text)),
      id: readIndex(id, `added token '${cut(text)}'`, file),
      file,
    };
  });
}
