import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '@sketchgrad/core';
import { explainSystemError } from '../safetensors/system-error.js';
import type { EncoderConfig, ProblemType } from './encoder-config.js';
import { Fields } from './fields.js';

/** What the head should be, in place of what a checkpoint's config.json says of its own head. */
export interface HeadOptions {
  /** Names of the classes in the order of the logits; one name for regression. */
  readonly labels?: readonly string[];
  /** Default: regression for one label, else classification. */
  readonly problemType?: ProblemType;
}

/**
 * Reads a Hugging Face config.json.
 *
 * @param path the file, or the folder that holds it
 * @throws DataError naming the file, the field and what is accepted.
 */
export async function readConfig(path: string, head: HeadOptions = {}): Promise<EncoderConfig> {
  let file = path;
  let json: unknown;
  try {
    if ((await stat(path)).isDirectory()) file = join(path, 'config.json');
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    const reason =
      cause instanceof SyntaxError ? `not JSON: ${cause.message}` : explainSystemError(cause);
    throw new DataError(file, `cannot be read: ${reason}`, undefined, { cause });
  }
  return parseConfig(file, json, head);
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
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new DataError(file, 'must hold a JSON object');
  }
  const fields = new Fields(file, json as Record<string, unknown>);
  const architecture = parseArchitecture(fields);
  checkSupported(fields);
  const hiddenDropout = fields.probability('hidden_dropout_prob', 0.1);
  const config: EncoderConfig = {
    architecture,
    hiddenSize: fields.whole('hidden_size', 1),
    layers: fields.whole('num_hidden_layers', 1),
    heads: fields.whole('num_attention_heads', 1),
    intermediateSize: fields.whole('intermediate_size', 1),
    vocabularySize: fields.whole('vocab_size', 1),
    maxPositions: fields.whole('max_position_embeddings', 1, 512),
    typeVocabularySize: fields.whole('type_vocab_size', 1, 2),
    layerNormEpsilon: fields.positive('layer_norm_eps', 1e-12),
    hiddenDropout,
    attentionDropout: fields.probability('attention_probs_dropout_prob', 0.1),
    classifierDropout: fields.probability('classifier_dropout', hiddenDropout),
    padTokenId: fields.whole('pad_token_id', 0, architecture === 'roberta' ? 1 : 0),
    hiddenActivation: fields.oneOf('hidden_act', ['gelu']),
    initializerRange: fields.positive('initializer_range', 0.02),
    ...parseHead(fields, head),
  };
  checkSizes(fields, config);
  return config;
}

function parseArchitecture(fields: Fields): EncoderConfig['architecture'] {
  const named = fields.get('architectures');
  const byName = Array.isArray(named) ? /^(Bert|Roberta)[A-Z]/.exec(String(named[0])) : null;
  const type = fields.get('model_type') ?? byName?.[1]?.toLowerCase();
  if (type === 'bert' || type === 'roberta') return type;
  throw fields.wrong('model_type', '"bert" or "roberta"');
}

function checkSupported(fields: Fields): void {
  fields.oneOf('position_embedding_type', ['absolute']);
  fields.oneOf('is_decoder', [false]);
  fields.oneOf('add_cross_attention', [false]);
}

function checkSizes(fields: Fields, config: EncoderConfig): void {
  const { architecture, hiddenSize, heads, padTokenId, vocabularySize, maxPositions } = config;
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

function parseHead(
  fields: Fields,
  head: HeadOptions,
): Pick<EncoderConfig, 'labels' | 'problemType'> {
  const labels = head.labels ?? parseLabels(fields);
  const repeated = labels.find((label, id) => labels.indexOf(label) !== id);
  if (repeated !== undefined) {
    throw new DataError(fields.file, `two labels are called '${repeated}'; names must differ`);
  }
  const isReplaced = head.labels !== undefined || head.problemType !== undefined;
  const stored = isReplaced ? head.problemType : parseProblemType(fields);
  const problemType = stored ?? (labels.length === 1 ? 'regression' : 'classification');
  if (labels.length === 0 || (problemType === 'regression') !== (labels.length === 1)) {
    throw new DataError(
      fields.file,
      `${problemType} with ${labels.length} labels (${labels.join(', ')}); ` +
        'accepted: regression with one label, classification with two or more',
    );
  }
  return { labels, problemType };
}

function parseProblemType(fields: Fields): ProblemType | undefined {
  if (fields.get('problem_type') === undefined) return undefined;
  const stored = fields.oneOf('problem_type', ['single_label_classification', 'regression']);
  return stored === 'regression' ? 'regression' : 'classification';
}

/** `id2label` is an object from "0", "1", … to names; without it transformers counts two labels. */
function parseLabels(fields: Fields): string[] {
  const names = fields.get('id2label');
  if (names === undefined) {
    const count = fields.whole('num_labels', 1, 2);
    return Array.from({ length: count }, (_, id) => `LABEL_${id}`);
  }
  const accepted = 'an object of names for the ids "0", "1", … without gaps';
  if (typeof names !== 'object' || Array.isArray(names)) throw fields.wrong('id2label', accepted);
  const byId = new Map<string, unknown>(Object.entries(names as object));
  return Array.from({ length: byId.size }, (_, id) => {
    const name = byId.get(String(id));
    if (typeof name !== 'string') throw fields.wrong('id2label', accepted);
    return name;
  });
}
