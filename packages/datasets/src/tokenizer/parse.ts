import { checkOptions, checkText, DataError, describeValue, UsageError } from '@sketchgrad/core';
import { type Content, checkContents, contentText } from '../contents.js';
import type { AddedVocabulary } from './added-vocabulary.js';
import {
  addTokens,
  checkListedIndices,
  type FolderTokens,
  folderTokens,
  isListed,
  listedSize,
} from './folder-tokens.js';
import { SequenceTokenizer } from './sequence.js';
import { cut, shown } from './shown.js';
import {
  bertTemplate,
  readTemplate,
  robertaTemplate,
  type Template,
  type TemplateOptions,
} from './template.js';
import { TextTokenizer } from './text-tokenizer.js';
import { withoutUnusedTypes } from './token-types.js';
import type { Tokenizer } from './tokenizer.js';
import { baseOf, type TokenizerBase } from './tokenizer-base.js';
import { type TokenizerClass, tokenizerClass } from './tokenizer-class.js';
import {
  embeddingRowsOf,
  flag,
  setting,
  type TokenizerFiles,
  type TokenizerTexts,
  tokenizerFileNames,
  tokenizerFiles,
} from './tokenizer-files.js';

/** What is known of the model that a tokenizer is for. */
export interface TokenizerOptions {
  /**
   * How many rows the model's embedding has: every index must be smaller. Default: the `vocab_size` of
   * a config.json among the files, else any number.
   */
  readonly embeddingRows?: number;
}

/** What {@link parseTokenizer} is told. */
export interface ParseTokenizerOptions extends TokenizerOptions {
  /** What errors call the files all together, and the tokenizer's `source`. Default: `the files given`. */
  readonly source?: string;
}

/** A model's files by their names: the text of each, or its bytes. */
export type TokenizerContents = Readonly<Partial<Record<keyof TokenizerTexts, Content>>>;

/**
 * The tokenizer of a model's files, as transformers 5 loads it (`AutoTokenizer`): from
 * tokenizer.json, else from RoBERTa's vocab.json and merges.txt or BERT's vocab.txt, with the settings
 * of tokenizer_config.json, the special tokens of it and of special_tokens_map.json, and the added
 * tokens of all these and of added_tokens.json. Beside a tokenizer.json, the settings of BERT's,
 * RoBERTa's, XLM-RoBERTa's and CamemBERT's come from tokenizer_config.json; where nothing names the kind
 * of tokenizer, tokenizer.json counts as it is. Padding and truncation that a file asks for are not done:
 * `encode` is told how long a sequence may be, and batching pads.
 *
 * @throws DataError where files are missing, malformed or do not fit together, an index is no whole
 * number from 0 or too large for the model, or the vocabulary has no padding token; UsageError for a file
 * of another name, content that is neither text nor bytes, and an option that is no number of rows
 */
export function parseTokenizer(
  files: TokenizerContents,
  options: ParseTokenizerOptions = {},
): Tokenizer {
  checkContents('parseTokenizer', files, tokenizerFileNames);
  checkOptions('parseTokenizer', options, { embeddingRows: true, source: true });
  const { source = 'the files given' } = options;
  checkText('source', source);
  const texts = Object.entries(files).map(([file, content]) => [
    file,
    content === undefined ? undefined : { file, text: contentText(content, file) },
  ]);
  return tokenizerOf(tokenizerFiles(source, Object.fromEntries(texts)), options);
}

/** The tokenizer of what files hold, as {@link parseTokenizer} tells. */
export function tokenizerOf(files: TokenizerFiles, options: TokenizerOptions): Tokenizer {
  const rows = rowsOf(files, options);
  const kind = tokenizerClass(files);
  const tokens = folderTokens(files, kind);
  checkListedIndices(tokens, rows);
  const base = baseOf(files, kind, tokens.named);
  checkVocabulary(base, rows);
  const text = new TextTokenizer(base.definition, base.vocabulary, {
    file: base.file,
    embeddingRows: rows,
    splitSpecialTokens: flag(files, 'split_special_tokens', false),
  });
  addTokens(text.added, tokens, kind);
  const lookUp = indexLookUp(text.added, tokens, base, rows);
  return new SequenceTokenizer(text, {
    source: files.source,
    template: withoutUnusedTypes(templateOf(files, kind, tokens, lookUp), files, kind),
    padToken: padTokenOf(files, tokens, lookUp),
    truncationSide: truncationSideOf(files),
    listedSize: listedSize(tokens),
  });
}

// Indices are i32: a token added behind the largest of them has none.
const mostRows = 2 ** 31;

function rowsOf(files: TokenizerFiles, { embeddingRows }: TokenizerOptions): number {
  if (embeddingRows === undefined) return Math.min(embeddingRowsOf(files) ?? mostRows, mostRows);
  if (Number.isSafeInteger(embeddingRows) && embeddingRows > 0) return embeddingRows;
  throw new UsageError(
    `embeddingRows is ${describeValue(embeddingRows)}: expected a whole number ≥ 1`,
  );
}

function checkVocabulary({ vocabulary, file }: TokenizerBase, rows: number): void {
  let size = 0;
  for (const index of vocabulary.values()) size = Math.max(size, index + 1);
  if (size <= rows) return;
  throw new DataError(
    file,
    `this tokenizer has ${size} tokens and the model only ${rows}: they do not belong together`,
  );
}

/**
 * Finds the tokens that go around sentences and fill rows. transformers adds one that is in no file
 * to the vocabulary, where the model has no row for it.
 */
function indexLookUp(
  added: AddedVocabulary,
  tokens: FolderTokens,
  { vocabulary, file }: TokenizerBase,
  rows: number,
): TemplateOptions {
  const indexOf = (content: string): number | undefined => {
    if (!vocabulary.has(content) && !isListed(tokens, content)) return undefined;
    const index = added.indexOf(content);
    return index !== undefined && index < rows ? index : undefined;
  };
  return { file, indexOf };
}

function templateOf(
  files: TokenizerFiles,
  kind: TokenizerClass,
  { named }: FolderTokens,
  lookUp: TemplateOptions,
): Template {
  // Read in any case: one that is malformed is not to be passed over.
  const ofWhole = readTemplate(files.whole?.content.post_processor, lookUp);
  if (kind === 'whole') return ofWhole;
  const isSentencePiece = kind === 'xlm-roberta' || kind === 'camembert';
  const names = isSentencePiece ? ['bos_token', 'eos_token'] : ['cls_token', 'sep_token'];
  const [start, end] = names.map((name) => {
    const { content } = named.get(name)!;
    const index = lookUp.indexOf(content);
    if (index !== undefined) return index;
    throw new DataError(lookUp.file, `no special token '${cut(content)}' among its tokens`);
  }) as [number, number];
  return kind === 'bert' ? bertTemplate(start, end) : robertaTemplate(start, end);
}

function padTokenOf(
  files: TokenizerFiles,
  { named, written }: FolderTokens,
  { file, indexOf }: TemplateOptions,
): string {
  const padding = files.whole?.content.padding as { pad_token?: unknown } | null | undefined;
  const own = named.get('pad_token')?.content;
  const name = own !== undefined && written.has(own) ? own : padding?.pad_token;
  const candidates =
    name === undefined || name === null
      ? [...new Set([...(own === undefined ? [] : [own]), '[PAD]', '<pad>'])]
      : [String(name)];
  const found = candidates.find((token) => indexOf(token) !== undefined);
  if (found !== undefined) return found;
  throw new DataError(
    file,
    `no padding token: looked for ${candidates.map((token) => `'${cut(token)}'`).join(' and ')} in the vocabulary; name another as pad_token in tokenizer_config.json`,
  );
}

function truncationSideOf(files: TokenizerFiles): 'left' | 'right' {
  const truncation = files.whole?.content.truncation as { direction?: unknown } | null | undefined;
  const side = setting(files, 'truncation_side') ?? truncation?.direction ?? 'right';
  if (side === 'right' || side === 'Right') return 'right';
  if (side === 'left' || side === 'Left') return 'left';
  throw new DataError(
    setting(files, 'truncation_side') === undefined ? files.whole!.file : files.config!.file,
    `truncates on the side ${shown(side)}: expected left or right`,
  );
}
