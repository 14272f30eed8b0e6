import { DataError } from '@sketchgrad/core';
import { readIndex } from './added-token.js';
import { cut, shown } from './shown.js';

/** A place in an encoded sequence: a special token, or all tokens of one of the two sentences. */
export type Piece =
  | { readonly kind: 'special'; readonly id: number; readonly typeId: number }
  | { readonly kind: 'sentence'; readonly which: 'first' | 'second'; readonly typeId: number };

/** Where special tokens and token types go around one sentence, and around a pair. */
export interface Template {
  readonly single: readonly Piece[];
  readonly pair: readonly Piece[];
}

/** A tokenizer.json's `post_processor`, of which nothing is known yet. */
export type PostProcessor = Readonly<Record<string, unknown>>;

/** What a template is read for. */
export interface TemplateOptions {
  /** Named in errors. */
  readonly file: string;
  /** The index of a token, undefined where there is no such token. */
  readonly indexOf: (token: string) => number | undefined;
}

const first = (typeId: number): Piece => ({ kind: 'sentence', which: 'first', typeId });
const second = (typeId: number): Piece => ({ kind: 'sentence', which: 'second', typeId });
const special = (id: number, typeId: number): Piece => ({ kind: 'special', id, typeId });

const bare: Template = { single: [first(0)], pair: [first(0), second(1)] };

/** BERT's `[CLS] A [SEP] B [SEP]`, with types 0 and 1. */
export function bertTemplate(start: number, end: number): Template {
  const single = [special(start, 0), first(0), special(end, 0)];
  return { single, pair: [...single, second(1), special(end, 1)] };
}

/** RoBERTa's `<s> A </s></s> B </s>`, with type 0 throughout. */
export function robertaTemplate(start: number, end: number): Template {
  const single = [special(start, 0), first(0), special(end, 0)];
  return { single, pair: [...single, special(end, 0), second(0), special(end, 0)] };
}

/**
 * Reads the special tokens' places from a tokenizer.json's post-processor: BERT's, RoBERTa's, or a
 * template that the file spells out.
 *
 * @throws DataError on a post-processor of an unknown type, with parts missing or of the wrong kind,
 * whose special tokens are not the vocabulary's, or that leaves out a sentence
 */
export function readTemplate(processor: unknown, options: TemplateOptions, depth = 0): Template {
  if (processor === null || processor === undefined) return bare;
  const fields = objectOf(processor, 'post_processor', options.file);
  switch (fields.type) {
    case 'ByteLevel':
      return bare;
    case 'BertProcessing':
      return bertTemplate(
        namedPair('cls', fields.cls, options),
        namedPair('sep', fields.sep, options),
      );
    case 'RobertaProcessing':
      return robertaTemplate(
        namedPair('cls', fields.cls, options),
        namedPair('sep', fields.sep, options),
      );
    case 'TemplateProcessing':
      return spelledOut(fields, options);
    case 'Sequence': {
      if (!Array.isArray(fields.processors)) {
        throw wrong('post_processor Sequence', 'processors', fields.processors, 'a list', options);
      }
      if (depth === 16) {
        throw new DataError(
          options.file,
          'post_processor has sequences within one another, over 16 of them',
        );
      }
      const templates = fields.processors.map((inner) => readTemplate(inner, options, depth + 1));
      return templates.find((template) => template !== bare) ?? bare;
    }
    default:
      throw new DataError(
        options.file,
        `post_processor is of type ${shown(fields.type)}: expected BertProcessing, RobertaProcessing, TemplateProcessing, ByteLevel or a Sequence of them`,
      );
  }
}

function spelledOut(fields: PostProcessor, options: TemplateOptions): Template {
  const tokens = objectOf(
    fields.special_tokens ?? {},
    "post_processor's special_tokens",
    options.file,
  );
  const single = piecesOf('single', fields.single, tokens, options);
  const pair = piecesOf('pair', fields.pair, tokens, options);
  for (const [name, pieces, sentences] of [
    ['single', single, ['first']],
    ['pair', pair, ['first', 'second']],
  ] as const) {
    const found = pieces.flatMap((piece) => (piece.kind === 'sentence' ? [piece.which] : []));
    if (found.toSorted().join() !== sentences.join()) {
      throw new DataError(
        options.file,
        `post_processor's '${name}' has ${found.length === 0 ? 'no sentence' : `the sentences ${found.join(', ')}`}: expected ${sentences.join(' and ')}, each once`,
      );
    }
  }
  return { single, pair };
}

function piecesOf(
  name: 'single' | 'pair',
  items: unknown,
  tokens: PostProcessor,
  options: TemplateOptions,
): Piece[] {
  if (!Array.isArray(items)) {
    throw wrong('post_processor TemplateProcessing', name, items, 'a list', options);
  }
  return items.flatMap((item: unknown): Piece[] => {
    const { SpecialToken: token, Sequence: sequence } = objectOf(
      item,
      `an item of post_processor's '${name}'`,
      options.file,
    );
    const fields = objectOf(
      token ?? sequence,
      `an item of post_processor's '${name}'`,
      options.file,
    );
    const typeId = fields.type_id ?? 0;
    if (typeof typeId !== 'number' || !Number.isInteger(typeId) || typeId < 0 || typeId > 255) {
      throw wrong(
        `an item of post_processor's '${name}'`,
        'type_id',
        typeId,
        'an integer from 0 to 255',
        options,
      );
    }
    if (token !== undefined) return specialPieces(fields.id, typeId, tokens, options);
    if (fields.id === 'A') return [first(typeId)];
    if (fields.id === 'B') return [second(typeId)];
    throw wrong(
      `an item of post_processor's '${name}'`,
      'Sequence',
      fields.id,
      "'A' or 'B'",
      options,
    );
  });
}

function specialPieces(
  name: unknown,
  typeId: number,
  tokens: PostProcessor,
  options: TemplateOptions,
): Piece[] {
  if (typeof name !== 'string' || !Object.hasOwn(tokens, name)) {
    throw new DataError(
      options.file,
      `post_processor uses the special token '${cut(String(name))}', which its special_tokens does not list`,
    );
  }
  const where = `post_processor's special token '${cut(String(name))}'`;
  const { ids, tokens: contents } = objectOf(tokens[name], where, options.file);
  if (!Array.isArray(ids)) throw wrong(where, 'ids', ids, 'a list of indices', options);
  return ids.map((id: unknown, place) => {
    const content: unknown = Array.isArray(contents) ? contents[place] : name;
    return special(fittingIndex(content, id, where, options), typeId);
  });
}

function namedPair(name: 'cls' | 'sep', value: unknown, options: TemplateOptions): number {
  if (!Array.isArray(value) || value.length !== 2) {
    throw wrong('post_processor', name, value, 'a token and its index', options);
  }
  return fittingIndex(value[0], value[1], `post_processor's '${name}'`, options);
}

// An index that is another token's would be put around every sentence without a word.
function fittingIndex(
  token: unknown,
  value: unknown,
  where: string,
  { file, indexOf }: TemplateOptions,
): number {
  const id = readIndex(value, where, file);
  const own = typeof token === 'string' ? indexOf(token) : undefined;
  if (own === id) return id;
  throw new DataError(
    file,
    `${where} is ${shown(token)} with index ${id}: ${own === undefined ? 'the vocabulary has no such token' : `in the vocabulary its index is ${own}`}`,
  );
}

function objectOf(value: unknown, name: string, file: string): PostProcessor {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as PostProcessor;
  }
  throw new DataError(file, `${name} is ${shown(value)}: expected an object`);
}

const wrong = (
  where: string,
  field: string,
  value: unknown,
  accepted: string,
  { file }: TemplateOptions,
): DataError => new DataError(file, `${where} has ${field} ${shown(value)}: expected ${accepted}`);
