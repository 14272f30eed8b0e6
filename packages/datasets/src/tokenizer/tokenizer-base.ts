import { DataError } from '@sketchgrad/core';
import type { AddedToken } from './added-token.js';
import { bertDefinition, robertaDefinition, sentencePieceDefinition } from './class-definitions.js';
import type { JsonFile, TokenizerDefinition, Vocabulary } from './definition.js';
import { cut, shown } from './shown.js';
import type { TokenizerClass } from './tokenizer-class.js';
import type { TokenizerFiles } from './tokenizer-files.js';
import {
  checkMerges,
  type Merge,
  mergesOfJson,
  mergesOfLines,
  modelOf,
  vocabularyOfJson,
  vocabularyOfLines,
  vocabularyOfPieces,
} from './vocabulary.js';
import { wholeDefinition } from './whole-definition.js';

/** A tokenizer without its added tokens. */
export interface TokenizerBase {
  readonly definition: TokenizerDefinition;
  readonly vocabulary: Vocabulary;
  /** The file of the vocabulary, which errors name. */
  readonly file: string;
}

/**
 * The vocabulary of a folder, and what its class does with text.
 *
 * @param named special tokens by what they are for
 * @throws DataError for a vocabulary or merges that are malformed or of another class, and for a
 * vocabulary without the unknown token that BERT's tokenizer needs
 */
export function baseOf(
  files: TokenizerFiles,
  kind: TokenizerClass,
  named: ReadonlyMap<string, AddedToken>,
): TokenizerBase {
  switch (kind) {
    case 'whole':
      return { ...wholeDefinition(files.whole!), file: files.whole!.file };
    case 'bert': {
      const { file, vocabulary } = wordPieces(files);
      const unknown = named.get('unk_token')!.content;
      if (!vocabulary.has(unknown)) {
        throw new DataError(
          file,
          `no special token '${cut(unknown)}' among its ${vocabulary.size} tokens`,
        );
      }
      return { definition: bertDefinition(files, vocabulary, unknown), vocabulary, file };
    }
    case 'roberta': {
      const { file, vocabulary, merges } = bytePairs(files);
      return { definition: robertaDefinition(files, vocabulary, merges), vocabulary, file };
    }
    case 'xlm-roberta':
    case 'camembert':
      return sentencePieces(files, kind, named);
  }
}

function sentencePieces(
  files: TokenizerFiles,
  kind: 'xlm-roberta' | 'camembert',
  named: ReadonlyMap<string, AddedToken>,
): TokenizerBase {
  const whole = files.whole!;
  const { file } = whole;
  const model = modelOfType(whole, 'Unigram', SENTENCE_PIECES[kind]);
  const vocabulary = vocabularyOfPieces(model.vocab, file);
  // XLMRobertaTokenizer looks for no token, CamembertTokenizer takes the first where there is none.
  const found = vocabulary.get(named.get('unk_token')!.content) ?? 0;
  const unknown = kind === 'xlm-roberta' ? XLM_UNKNOWN : found;
  if (unknown >= vocabulary.size)
    throw new DataError(file, `has ${vocabulary.size} tokens, and none for what it does not know`);
  return { definition: sentencePieceDefinition(files, model, unknown), vocabulary, file };
}

const SENTENCE_PIECES = { 'xlm-roberta': 'XLMRobertaTokenizer', camembert: 'CamembertTokenizer' };
const XLM_UNKNOWN = 3;

function wordPieces({ whole, wordPieces: lines }: TokenizerFiles): {
  file: string;
  vocabulary: Vocabulary;
} {
  if (whole === undefined) return { file: lines!.file, vocabulary: vocabularyOfLines(lines!) };
  const model = modelOfType(whole, 'WordPiece', 'BertTokenizer');
  return { file: whole.file, vocabulary: vocabularyOfJson(model.vocab, whole.file) };
}

function bytePairs({ whole, bytePairs: json, merges: lines }: TokenizerFiles): {
  file: string;
  vocabulary: Vocabulary;
  merges: Merge[];
} {
  if (whole === undefined) {
    const vocabulary = vocabularyOfJson(json!.content, json!.file);
    const merges = mergesOfLines(lines!);
    checkMerges(merges, vocabulary, lines!.file);
    return { file: json!.file, vocabulary, merges };
  }
  const { file } = whole;
  const model = modelOfType(whole, 'BPE', 'RobertaTokenizer');
  const vocabulary = vocabularyOfJson(model.vocab, file);
  const merges = mergesOfJson(model.merges, file);
  checkMerges(merges, vocabulary, file);
  return { file, vocabulary, merges };
}

function modelOfType(whole: JsonFile, type: string, tokenizer: string) {
  const model = modelOf(whole);
  // Files of old versions leave the type out.
  if (model.type === undefined || model.type === type) return model;
  throw new DataError(
    whole.file,
    `its model is of type ${shown(model.type)}, and the folder says ${tokenizer}, which needs ${type}; where the file counts as it is, name PreTrainedTokenizerFast as tokenizer_class in tokenizer_config.json`,
  );
}
