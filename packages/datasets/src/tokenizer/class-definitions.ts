import type { JsonFile, Part, TokenizerDefinition, Vocabulary } from './definition.js';
import { flag, type TokenizerFiles } from './tokenizer-files.js';
import type { Merge } from './vocabulary.js';

/**
 * BERT's tokenizer over a vocabulary: `do_lower_case`, `strip_accents` and `tokenize_chinese_chars`
 * are tokenizer_config.json's, whatever a tokenizer.json beside it does with text.
 *
 * @param unknown the token for what the vocabulary does not cover
 */
export function bertDefinition(
  files: TokenizerFiles,
  vocabulary: Vocabulary,
  unknown: string,
): TokenizerDefinition {
  return {
    model: {
      type: 'WordPiece',
      unk_token: unknown,
      continuing_subword_prefix: '##',
      max_input_chars_per_word: 100,
      vocab: Object.fromEntries(vocabulary),
    },
    normalizer: {
      type: 'BertNormalizer',
      clean_text: true,
      handle_chinese_chars: flag(files, 'tokenize_chinese_chars', true),
      strip_accents: flag(files, 'strip_accents', null),
      lowercase: flag(files, 'do_lower_case', true),
    },
    pre_tokenizer: { type: 'BertPreTokenizer' },
  };
}

/**
 * RoBERTa's tokenizer over a vocabulary and its merges: `add_prefix_space` is tokenizer_config.json's.
 * A byte that the vocabulary lacks is left out, since transformers gives this model no unknown token.
 */
export function robertaDefinition(
  files: TokenizerFiles,
  vocabulary: Vocabulary,
  merges: readonly Merge[],
): TokenizerDefinition {
  return {
    model: { type: 'BPE', vocab: Object.fromEntries(vocabulary), merges },
    normalizer: null,
    pre_tokenizer: {
      type: 'ByteLevel',
      add_prefix_space: flag(files, 'add_prefix_space', false),
      trim_offsets: true,
      use_regex: true,
    },
  };
}

/**
 * XLM-RoBERTa's and CamemBERT's tokenizer over pieces with scores: `add_prefix_space` is
 * tokenizer_config.json's, and of a tokenizer.json's normalizer only a `precompiled_charsmap` counts.
 *
 * @param unknown the index of the piece for what no other covers
 */
export function sentencePieceDefinition(
  files: TokenizerFiles,
  model: Part,
  unknown: number,
): TokenizerDefinition {
  return {
    model: { type: 'Unigram', vocab: model.vocab, unk_id: unknown },
    normalizer: precompiledOf(files.whole!),
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'WhitespaceSplit' },
        {
          type: 'Metaspace',
          replacement: '▁',
          prepend_scheme: flag(files, 'add_prefix_space', true) ? 'always' : 'never',
          split: true,
        },
      ],
    },
  };
}

/** The first normalizer that SentencePiece compiled, alone or in a sequence; null where there is none. */
function precompiledOf({ content }: JsonFile): Part | null {
  const given = content.normalizer as Part | null | undefined;
  const all = given?.type === 'Sequence' ? given.normalizers : [given];
  const found = Array.isArray(all) ? all.find((part) => part?.type === 'Precompiled') : undefined;
  return found === undefined ? null : { type: 'Precompiled', ...found };
}
