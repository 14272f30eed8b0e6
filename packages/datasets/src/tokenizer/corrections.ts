import type { TokenizerDefinition } from './definition.js';
import {
  BertNormalizer,
  ByteLevelPreTokenizer,
  type Normalizer,
  type Parts,
  type PreTokenizer,
  SequenceNormalizer,
  SequencePreTokenizer,
  Tokenizer,
} from './library.js';
import { rememberWords } from './word-cache.js';

// BertNormalizer looks at UTF-16 units, so that it misses ideographs beyond the first 65536 code points.
const ideographsBeyondUtf16 =
  /[\u{20000}-\u{2a6df}\u{2a700}-\u{2b73f}\u{2b740}-\u{2b81f}\u{2b920}-\u{2ceaf}\u{2f800}-\u{2fa1f}]/gu;

// JavaScript's \s counts U+FEFF as white space and leaves out U+0085; Unicode's property is the reverse.
const byteLevelWords =
  /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;

class UnicodeBertNormalizer extends BertNormalizer {
  override normalize(text: string): string {
    // Printable ASCII has nothing to clean, space out or strip, and is most of what comes.
    if (/^[ -~]*$/.test(text)) return this.config.lowercase ? text.toLowerCase() : text;
    let prepared = text;
    if (this.config.handle_chinese_chars) {
      prepared = prepared.replace(ideographsBeyondUtf16, ' $& ');
    }
    // String.toLowerCase makes a word's last sigma ς; letter by letter, as the models saw it, it is σ.
    if (this.config.lowercase) prepared = prepared.replaceAll('Σ', 'σ');
    return super.normalize(prepared);
  }
}

class UnicodeByteLevelPreTokenizer extends ByteLevelPreTokenizer {
  readonly #encoder = new TextEncoder();
  readonly #bytesOf = rememberWords((word) =>
    Array.from(this.#encoder.encode(word), (byte) => this.byte_encoder[byte]).join(''),
  );

  override pre_tokenize_text(text: string): string[] {
    const prefixed = this.add_prefix_space && !text.startsWith(' ') ? ` ${text}` : text;
    const words = this.use_regex ? (prefixed.match(byteLevelWords) ?? []) : [prefixed];
    return words.map(this.#bytesOf);
  }
}

/**
 * The parts of @huggingface/tokenizers for a definition, brought in line with the Rust library that
 * models were trained with, where JavaScript's idea of a character, of lower case or of white space
 * differs. Throws whatever the library throws for a definition that it cannot use.
 */
export function partsOf(definition: TokenizerDefinition): Parts {
  const { normalizer, pre_tokenizer, model } = new Tokenizer(
    { ...definition, added_tokens: [], post_processor: null, decoder: null },
    {},
  );
  return {
    model,
    normalizer: correctedNormalizer(normalizer),
    pre_tokenizer: correctedPreTokenizer(pre_tokenizer),
  };
}

function correctedNormalizer(normalizer: Normalizer | null): Normalizer | null {
  if (normalizer instanceof SequenceNormalizer) {
    normalizer.normalizers = normalizer.normalizers.map(correctedNormalizer);
  }
  return normalizer instanceof BertNormalizer
    ? new UnicodeBertNormalizer(normalizer.config)
    : normalizer;
}

function correctedPreTokenizer(preTokenizer: PreTokenizer | null): PreTokenizer | null {
  if (preTokenizer instanceof SequencePreTokenizer) {
    preTokenizer.tokenizers = preTokenizer.tokenizers.map(correctedPreTokenizer);
  }
  return preTokenizer instanceof ByteLevelPreTokenizer
    ? new UnicodeByteLevelPreTokenizer(preTokenizer.config)
    : preTokenizer;
}
