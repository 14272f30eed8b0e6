import { DataError } from '@sketchgrad/core';
import type { JsonFile, Part, TokenizerDefinition, Vocabulary } from './definition.js';
import { shown } from './shown.js';
import {
  checkMerges,
  mergesOfJson,
  modelOf,
  vocabularyOfJson,
  vocabularyOfPieces,
} from './vocabulary.js';

/** What a field may be, and what it is where it is left out. */
type Field = readonly [kind: 'boolean' | 'string' | 'count', fallback: unknown];

// The fields of BERT's and RoBERTa's parts; what is left out is as in the tokenizers library.
const fieldsOf: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  BertNormalizer: {
    clean_text: ['boolean', true],
    handle_chinese_chars: ['boolean', true],
    strip_accents: ['boolean', null],
    lowercase: ['boolean', true],
  },
  ByteLevel: {
    add_prefix_space: ['boolean', true],
    trim_offsets: ['boolean', true],
    use_regex: ['boolean', true],
  },
  Strip: { strip_left: ['boolean', true], strip_right: ['boolean', true] },
  Sequence: {},
  Prepend: { prepend: ['string', '▁'] },
  WordPiece: {
    unk_token: ['string', '[UNK]'],
    continuing_subword_prefix: ['string', '##'],
    max_input_chars_per_word: ['count', 100],
  },
  BPE: {
    unk_token: ['string', null],
    continuing_subword_prefix: ['string', null],
    end_of_word_suffix: ['string', null],
    fuse_unk: ['boolean', false],
    byte_fallback: ['boolean', false],
    ignore_merges: ['boolean', false],
  },
};

const deepest = 16;
const modelTypes = ['WordPiece', 'BPE', 'Unigram'];

/**
 * A tokenizer.json as it is, without its added tokens.
 *
 * @throws DataError for a part that is malformed
 */
export function wholeDefinition(whole: JsonFile): {
  readonly definition: TokenizerDefinition;
  readonly vocabulary: Vocabulary;
} {
  const { file, content } = whole;
  const given = modelOf(whole);
  // Files of old versions leave the type out.
  if (given.type !== undefined && !modelTypes.includes(given.type as string)) {
    throw new DataError(
      file,
      `is not a usable tokenizer: its model is of type ${shown(given.type)}; accepted: ${modelTypes.join(', ')}`,
    );
  }
  const isUnigram = given.type === 'Unigram';
  const vocabulary = (isUnigram ? vocabularyOfPieces : vocabularyOfJson)(given.vocab, file);
  const model = checkedPart({ ...given }, 'model', file);
  if (model.type === 'BPE' || model.merges !== undefined) {
    const merges = mergesOfJson(model.merges, file);
    for (const [field, none] of [
      ['dropout', 0],
      ['continuing_subword_prefix', ''],
    ] as const) {
      const value = model[field] ?? none;
      if (value === none) continue;
      throw new DataError(
        file,
        `model BPE has ${field} ${shown(value)}, which is not supported: expected ${shown(none)} or null`,
      );
    }
    checkMerges(merges, vocabulary, file);
    model.merges = merges;
  }
  return {
    vocabulary,
    definition: {
      model,
      normalizer: optionalPart(content.normalizer, 'normalizer', file),
      pre_tokenizer: optionalPart(content.pre_tokenizer, 'pre_tokenizer', file),
    },
  };
}

const isObject = (value: unknown): value is Part =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function optionalPart(value: unknown, name: string, file: string): Part | null {
  if (value === undefined || value === null) return null;
  if (!isObject(value)) {
    throw new DataError(file, `${name} is ${shown(value)}: expected an object`);
  }
  return checkedPart({ ...value }, name, file);
}

/** Fills in what is left out of a part of a known type, and checks the rest; `part` is changed. */
function checkedPart(part: Record<string, unknown>, name: string, file: string, depth = 0) {
  if (depth > deepest) {
    throw new DataError(file, `${name} has sequences within one another, over ${deepest} of them`);
  }
  for (const list of ['normalizers', 'pretokenizers']) {
    if (part.type !== 'Sequence' || part[list] === undefined) continue;
    if (!Array.isArray(part[list])) throw wrong(name, list, part[list], 'a list', file);
    part[list] = part[list].map((inner: unknown) => {
      if (!isObject(inner)) throw wrong(name, `an item of ${list}`, inner, 'an object', file);
      return checkedPart({ ...inner }, name, file, depth + 1);
    });
  }
  const type = typeof part.type === 'string' && Object.hasOwn(fieldsOf, part.type) ? part.type : '';
  for (const [field, [kind, fallback]] of Object.entries(fieldsOf[type] ?? {})) {
    part[field] ??= fallback;
    const value = part[field];
    if (value === null || fits(value, kind)) continue;
    throw wrong(`${name} ${type}`, field, value, accepted[kind], file);
  }
  return part;
}

const accepted = {
  boolean: 'true or false',
  string: 'a string',
  count: 'an integer from 0',
} as const;

const fits = (value: unknown, kind: Field[0]): boolean =>
  kind === 'count' ? Number.isSafeInteger(value) && (value as number) >= 0 : typeof value === kind;

const wrong = (name: string, field: string, value: unknown, expected: string, file: string) =>
  new DataError(file, `${name} has ${field} ${shown(value)}: expected ${expected}`);
