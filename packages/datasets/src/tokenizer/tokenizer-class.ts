import { DataError } from '@sketchgrad/core';
import { cut, shown } from './shown.js';
import type { TokenizerFiles } from './tokenizer-files.js';

/**
 * Which of transformers' tokenizers a folder is for. BERT's and RoBERTa's take the vocabulary (and
 * the merges) of whatever file has them, and settings from tokenizer_config.json alone;
 * XLM-RoBERTa's and CamemBERT's so a tokenizer.json's pieces and its `precompiled_charsmap`; `whole` is
 * a tokenizer.json exactly as it is.
 */
export type TokenizerClass = NamedClass | 'whole';

type NamedClass = 'bert' | 'roberta' | 'xlm-roberta' | 'camembert';

// Names in transformers 5 that are one of these, or do nothing else.
const classes: Readonly<Record<string, NamedClass>> = {
  BertTokenizer: 'bert',
  ConvBertTokenizer: 'bert',
  DistilBertTokenizer: 'bert',
  ElectraTokenizer: 'bert',
  LayoutLMTokenizer: 'bert',
  MobileBertTokenizer: 'bert',
  SqueezeBertTokenizer: 'bert',
  RobertaTokenizer: 'roberta',
  BartTokenizer: 'roberta',
  LEDTokenizer: 'roberta',
  LongformerTokenizer: 'roberta',
  XLMRobertaTokenizer: 'xlm-roberta',
  CamembertTokenizer: 'camembert',
};

/**
 * The tokenizer that transformers' AutoTokenizer takes for a folder: the one that
 * tokenizer_config.json names, else config.json, else the one of the model's type. Where nothing says
 * so, tokenizer.json counts as it is, and other files are whose they look like.
 *
 * @throws DataError for a tokenizer by a name that cannot be made from the files that there are
 */
export function tokenizerClass(files: TokenizerFiles): TokenizerClass {
  const { whole, bytePairs, merges, wordPieces, config, model, source } = files;
  const named = nameIn(config) ?? nameIn(model);
  const type = model?.content.model_type;
  const found = named === undefined ? types.get(type) : classOf(named.name);
  if (whole !== undefined) return found ?? 'whole';
  const present = [
    ...(bytePairs !== undefined && merges !== undefined ? (['roberta'] as const) : []),
    ...(wordPieces !== undefined ? (['bert'] as const) : []),
  ];
  if (named !== undefined && found === undefined && present.length > 0) {
    throw new DataError(
      named.file,
      `tokenizer_class is '${cut(named.name)}', which needs a tokenizer.json; beside vocab.txt BertTokenizer is accepted, beside vocab.json and merges.txt RobertaTokenizer`,
    );
  }
  const chosen = found === undefined ? present[0] : present.find((kind) => kind === found);
  if (chosen !== undefined) return chosen;
  const pairs = 'and for vocab.json with merges.txt';
  const pieces = 'and for vocab.txt';
  const converted =
    "to which transformers' save_pretrained converts a sentencepiece.bpe.model, which is not read";
  const other = { bert: pieces, roberta: pairs, 'xlm-roberta': converted, camembert: converted };
  throw new DataError(
    source,
    `no tokenizer here: looked for tokenizer.json, ${found === undefined ? 'for vocab.json with merges.txt, and for vocab.txt' : `${other[found]}, as ${named === undefined ? `a model of type ${shown(type)}` : cut(named.name)} has it`}`,
  );
}

/** The class that a file names. @throws DataError where it is no name */
export function nameIn(
  file: TokenizerFiles['config'],
): { readonly name: string; readonly file: string } | undefined {
  const name = file?.content.tokenizer_class ?? undefined;
  if (name === undefined) return undefined;
  if (typeof name === 'string') return { name, file: file!.file };
  throw new DataError(
    file!.file,
    `tokenizer_class is ${shown(name)}: expected a name, as 'BertTokenizer'`,
  );
}

const classOf = (name: string): NamedClass | undefined => {
  const bare = name.replace(/Fast$/, '');
  return Object.hasOwn(classes, bare) ? classes[bare] : undefined;
};

// The class that transformers takes for a model's type.
const types: ReadonlyMap<unknown, NamedClass> = new Map([
  ['bert', 'bert'],
  ['distilbert', 'bert'],
  ['roberta', 'roberta'],
  ['xlm-roberta', 'xlm-roberta'],
  ['camembert', 'camembert'],
]);
