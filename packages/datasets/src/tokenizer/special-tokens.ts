import { DataError } from '@sketchgrad/core';
import { type AddedToken, plainToken, readAddedToken } from './added-token.js';
import { configListsTokens } from './declared-tokens.js';
import type { JsonFile } from './definition.js';
import { cut, shown } from './shown.js';
import type { TokenizerClass } from './tokenizer-class.js';
import type { TokenizerFiles } from './tokenizer-files.js';

// transformers adds those that are new to a vocabulary in this order.
const standardNames = [
  'bos_token',
  'eos_token',
  'unk_token',
  'sep_token',
  'pad_token',
  'cls_token',
  'mask_token',
] as const;

const sentencePieceNames = {
  bos_token: '<s>',
  eos_token: '</s>',
  unk_token: '<unk>',
  sep_token: '</s>',
  pad_token: '<pad>',
  cls_token: '<s>',
  mask_token: '<mask>',
};

const defaults: Readonly<Record<TokenizerClass, Readonly<Record<string, string>>>> = {
  bert: {
    unk_token: '[UNK]',
    sep_token: '[SEP]',
    pad_token: '[PAD]',
    cls_token: '[CLS]',
    mask_token: '[MASK]',
  },
  roberta: sentencePieceNames,
  'xlm-roberta': sentencePieceNames,
  camembert: sentencePieceNames,
  whole: {},
};

/** The special tokens of a folder. */
export interface SpecialTokens {
  /** By what they are for, as pad_token: what a file names, else the class's own. */
  readonly named: ReadonlyMap<string, AddedToken>;
  /** Others, which have no name. */
  readonly additional: readonly AddedToken[];
  /** The contents of those that a file names, other than the class's own. */
  readonly written: ReadonlySet<string>;
}

/**
 * The special tokens that tokenizer_config.json and special_tokens_map.json name, the latter first,
 * and those that the class has by itself. As in transformers 5, special_tokens_map.json counts only
 * where tokenizer_config.json has no added_tokens_decoder.
 *
 * @throws DataError where something named is no token
 */
export function specialTokens(files: TokenizerFiles, kind: TokenizerClass): SpecialTokens {
  const config = namesIn(files.config, {});
  const map = configListsTokens(files)
    ? undefined
    : namesIn(files.specialTokensMap, { special: true });
  const named = new Map<string, AddedToken>();
  // transformers 5 loads no folder that nothing names a class for; RoBERTa was published with a mask
  // that takes the space before it.
  const unnamed = files.config === undefined && files.model === undefined;
  const maskWithSpace = unnamed && kind === 'roberta' ? 'mask_token' : undefined;
  for (const name of standardNames) {
    const token = map?.named.get(name) ?? config.named.get(name);
    const fallback = defaults[kind][name];
    if (token !== undefined) named.set(name, token);
    else if (fallback !== undefined) {
      named.set(name, { ...plainToken(fallback, true), lstrip: name === maskWithSpace });
    }
  }
  for (const [name, token] of [...config.named, ...(map?.named ?? [])]) named.set(name, token);
  const additional = map?.additional ?? config.additional ?? [];
  const written = [...config.named.values(), ...(map?.named.values() ?? []), ...additional];
  return { named, additional, written: new Set(written.map(({ content }) => content)) };
}

interface Names {
  readonly named: ReadonlyMap<string, AddedToken>;
  readonly additional: readonly AddedToken[] | undefined;
}

/** @param flags what holds of every token here */
function namesIn(json: JsonFile | undefined, flags: { readonly special?: true }): Names {
  const named = new Map<string, AddedToken>();
  if (json === undefined) return { named, additional: undefined };
  const { file, content } = json;
  const read = (value: unknown, name: string): AddedToken =>
    readAddedToken(
      typeof value === 'object' && value !== null ? { ...value, ...flags } : value,
      name,
      file,
    );
  for (const [name, value] of Object.entries(content)) {
    // Other fields end so as well, add_bos_token for one, which is true or false.
    if (!name.endsWith('_token') || value === null || typeof value === 'boolean') continue;
    named.set(name, read(value, cut(name)));
  }
  const list = [content.extra_special_tokens, content.additional_special_tokens].find(
    (given) =>
      given !== undefined && given !== null && !(Array.isArray(given) && given.length === 0),
  );
  if (list === undefined) return { named, additional: undefined };
  if (Array.isArray(list)) {
    const additional = list.map((value) => read(value, 'an additional special token'));
    return { named, additional };
  }
  if (typeof list === 'object' && list !== null) {
    for (const [name, value] of Object.entries(list)) {
      named.set(name, read(value, cut(name)));
    }
    return { named, additional: undefined };
  }
  throw new DataError(
    file,
    `its additional special tokens are ${shown(list)}: expected a list of tokens`,
  );
}
