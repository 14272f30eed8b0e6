import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { checkOptions, checkText, DataError } from '@sketchgrad/core';
import { parseJson } from '../json/parse-json.js';
import { explainSystemError } from '../safetensors/system-error.js';
import type { EncoderConfig } from './encoder-config.js';
import { Fields } from './fields.js';
import { type HeadOptions, parseHead } from './head.js';

/** More layers than any encoder has; what is known of a model grows with them. */
const MOST_LAYERS = 1000;

/**
 * Reads a Hugging Face config.json.
 *
 * @param path the file, or the folder that holds it
 * @throws DataError naming the file, the field and what is accepted.
 */
export async function readConfig(path: string, head: HeadOptions = {}): Promise<EncoderConfig> {
  checkText('path', path);
  checkOptions('readConfig', head, { labels: true, problemType: true });
  return configOf(await readFields(path), head);
}

/**
 * The fields of a config.json, unchecked.
 *
 * @param path the file, or the folder that holds it
 * @throws DataError where it is missing or holds no JSON object
 */
export async function readFields(path: string): Promise<Fields> {
  let file = path;
  let bytes: Uint8Array;
  try {
    if ((await stat(path)).isDirectory()) file = join(path, 'config.json');
    bytes = await readFile(file);
  } catch (cause) {
    const reason = explainSystemError(cause);
    throw new DataError(file, `cannot be read: ${reason}`, undefined, { cause });
  }
  // transformers, too, takes the last of two fields of one name.
  return fieldsOf(file, parseJson(file, bytes, { uniqueKeys: false }));
}

/**
 * Checks the contents of a Hugging Face config.json. Where an optional field is absent, the
 * default is transformers' own for the architecture.
 *
 * @param file what to call it in messages
 * @throws DataError for a field of the wrong kind, and for what is not supported: models other
 *   than BERT and RoBERTa, relative positions, activations other than GELU, decoders, and
 *   multi-label heads unless `head` replaces them.
 */
export function parseConfig(file: string, json: unknown, head: HeadOptions = {}): EncoderConfig {
  return configOf(fieldsOf(file, json), head);
}

function fieldsOf(file: string, json: unknown): Fields {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new DataError(file, 'must hold a JSON object');
  return new Fields(file, json as Record<string, unknown>);
}

const configOf = (fields: Fields, head: HeadOptions): EncoderConfig => ({
  ...parseEncoder(fields),
  ...parseHead(fields, head),
});

/** What a config.json says of all but the head. */
export type EncoderShape = Omit<EncoderConfig, 'labels' | 'problemType'>;

/** All but the head. @throws DataError as `parseConfig` does */
export function parseEncoder(fields: Fields): EncoderShape {
  const architecture = parseArchitecture(fields);
  checkSupported(fields);
  const hiddenDropout = fields.probability('hidden_dropout_prob', 0.1);
  const size = (name: string, fallback?: number) =>
    fields.whole(name, { least: 1, ...(fallback === undefined ? {} : { fallback }) });
  // In transformers two names for one function, x Φ(x).
  fields.oneOf('hidden_act', ['gelu', 'gelu_python']);
  const shape: EncoderShape = {
    architecture,
    hiddenSize: size('hidden_size'),
    layers: fields.whole('num_hidden_layers', { least: 1, most: MOST_LAYERS }),
    heads: size('num_attention_heads'),
    intermediateSize: size('intermediate_size'),
    vocabularySize: size('vocab_size'),
    maxPositions: size('max_position_embeddings', 512),
    typeVocabularySize: size('type_vocab_size', 2),
    layerNormEpsilon: fields.positive('layer_norm_eps', 1e-12),
    hiddenDropout,
    attentionDropout: fields.probability('attention_probs_dropout_prob', 0.1),
    classifierDropout: fields.probability('classifier_dropout', hiddenDropout),
    padTokenId: fields.whole('pad_token_id', {
      least: 0,
      fallback: architecture === 'roberta' ? 1 : 0,
    }),
    hiddenActivation: 'gelu',
    initializerRange: fields.positive('initializer_range', 0.02),
    ...tokenizerClassOf(fields),
  };
  checkSizes(fields, shape);
  return shape;
}

function parseArchitecture(fields: Fields): EncoderConfig['architecture'] {
  const named = fields.get('architectures');
  const byName = Array.isArray(named)
    ? /^(Bert|Roberta)[A-Z]/.exec(typeof named[0] === 'string' ? named[0] : '')
    : null;
  const type = fields.get('model_type') ?? byName?.[1]?.toLowerCase();
  if (type === 'bert' || type === 'roberta') return type;
  throw fields.wrong('model_type', '"bert" or "roberta"');
}

function tokenizerClassOf(fields: Fields): Pick<EncoderConfig, 'tokenizerClass'> {
  const name = fields.get('tokenizer_class');
  if (name === undefined) return {};
  if (typeof name === 'string') return { tokenizerClass: name };
  throw fields.wrong('tokenizer_class', 'a name, as "BertTokenizer"');
}

function checkSupported(fields: Fields): void {
  fields.oneOf('position_embedding_type', ['absolute']);
  fields.oneOf('is_decoder', [false]);
  fields.oneOf('add_cross_attention', [false]);
}

function checkSizes(fields: Fields, shape: EncoderShape): void {
  const { architecture, hiddenSize, heads, padTokenId, vocabularySize, maxPositions } = shape;
  if (hiddenSize % heads !== 0) {
    throw fields.wrong('num_attention_heads', `a divisor of "hidden_size", ${hiddenSize}`);
  }
  if (padTokenId >= vocabularySize) {
    throw fields.wrong('pad_token_id', `a token below "vocab_size", ${vocabularySize}`);
  }
  if (architecture === 'roberta' && maxPositions <= padTokenId + 1) {
    throw fields.wrong(
      'max_position_embeddings',
      `more than ${padTokenId + 1}, for RoBERTa's positions begin after "pad_token_id"`,
    );
  }
}
