import { DataError } from '@sketchgrad/core';
import {
  type ConfigMapping,
  type EncoderArchitecture,
  fieldOf,
  type Setting,
} from '../architectures/architecture.js';
import type { Positions } from '../architectures/positions.js';
import {
  architectureOfClass,
  ENCODER_ARCHITECTURES,
  findArchitecture,
} from '../architectures/table.js';
import { parseJson } from '../json/parse-json.js';
import type { EncoderConfig, EncoderShape } from '../layers/encoder-config.js';
import { Fields } from './fields.js';
import { type HeadOptions, parseHead } from './head.js';

/** More layers than any encoder has; what is known of a model grows with them. */
const MOST_LAYERS = 1000;

/**
 * Checks the contents of a Hugging Face config.json. Where an optional field is absent, the
 * default is transformers' own for the architecture.
 *
 * @param file what to call it in messages
 * @throws DataError for a field of the wrong kind, and for what is not supported: models other
 *   than `ENCODER_ARCHITECTURES`, relative positions, activations other than GELU, decoders, and
 *   multi-label heads unless `head` replaces them.
 */
export function parseConfig(file: string, json: unknown, head: HeadOptions = {}): EncoderConfig {
  return configOf(fieldsOf(file, json), head);
}

/**
 * The fields of a config.json, unchecked.
 *
 * @throws DataError where the bytes hold no JSON object
 */
export const parseFields = (file: string, bytes: Uint8Array): Fields =>
  // transformers, too, takes the last of two fields of one name.
  fieldsOf(file, parseJson(file, bytes, { uniqueKeys: false }));

function fieldsOf(file: string, json: unknown): Fields {
  if (typeof json !== 'object' || json === null || Array.isArray(json))
    throw new DataError(file, 'must hold a JSON object');
  return new Fields(file, json as Record<string, unknown>);
}

/** @throws DataError as {@link parseConfig} does */
export const configOf = (fields: Fields, head: HeadOptions): EncoderConfig => ({
  ...parseEncoder(fields),
  ...parseHead(fields, head),
  lastLayer: 'first',
});

/** All but the head. @throws DataError as `parseConfig` does */
export function parseEncoder(fields: Fields): EncoderShape {
  const { name, config, positions } = parseArchitecture(fields);
  const { settings, supported } = config;
  for (const [field, accepted] of Object.entries(supported)) fields.oneOf(field, accepted);
  const hiddenDropout = probability(fields, settings.hiddenDropout);
  // In transformers two names for one function, x Φ(x).
  const hiddenActivation = stored<'gelu'>(settings.hiddenActivation, (field) => {
    fields.oneOf(field, ['gelu', 'gelu_python']);
    return 'gelu';
  });
  const shape: EncoderShape = {
    architecture: name,
    hiddenSize: whole(fields, settings.hiddenSize),
    layers: whole(fields, settings.layers, { most: MOST_LAYERS }),
    heads: whole(fields, settings.heads),
    intermediateSize: whole(fields, settings.intermediateSize),
    vocabularySize: whole(fields, settings.vocabularySize),
    maxPositions: whole(fields, settings.maxPositions),
    typeVocabularySize: whole(fields, settings.typeVocabularySize),
    layerNormEpsilon: positive(fields, settings.layerNormEpsilon),
    hiddenDropout,
    attentionDropout: probability(fields, settings.attentionDropout),
    classifierDropout: probability(fields, settings.classifierDropout, hiddenDropout),
    padTokenId: whole(fields, settings.padTokenId, { least: 0 }),
    hiddenActivation,
    initializerRange: positive(fields, settings.initializerRange),
    ...tokenizerClassOf(fields),
  };
  checkSizes(fields, shape, config, positions);
  return shape;
}

/** What a file says of a setting, or what it is in all of the architecture's models. */
const stored = <T>(setting: Setting<T>, read: (field: string, fallback: T | undefined) => T): T =>
  'always' in setting ? setting.always : read(setting.field, setting.fallback);

const whole = (
  fields: Fields,
  setting: Setting<number>,
  range: { least?: number; most?: number } = {},
) =>
  stored(setting, (field, fallback) =>
    fields.whole(field, { least: 1, ...range, ...(fallback === undefined ? {} : { fallback }) }),
  );

const positive = (fields: Fields, setting: Setting<number>) =>
  stored(setting, (field, fallback) => fields.positive(field, fallback));

const probability = (fields: Fields, setting: Setting<number>, otherwise?: number) =>
  stored(setting, (field, fallback = otherwise) => fields.probability(field, fallback));

function parseArchitecture(fields: Fields): EncoderArchitecture {
  const classes = fields.get('architectures');
  const first: unknown = Array.isArray(classes) ? classes[0] : undefined;
  const type = fields.get('model_type');
  const found =
    type === undefined && typeof first === 'string'
      ? architectureOfClass(first)
      : findArchitecture(type);
  if (found) return found;
  throw fields.wrong('model_type', listed(ENCODER_ARCHITECTURES));
}

/** `"a", "b" or "c"`. */
const listed = (names: readonly string[]): string =>
  names
    .map((name) => JSON.stringify(name))
    .join(', ')
    .replace(/, (?=[^,]*$)/, ' or ');

function tokenizerClassOf(fields: Fields): Pick<EncoderConfig, 'tokenizerClass'> {
  const name = fields.get('tokenizer_class');
  if (name === undefined) return {};
  if (typeof name === 'string') return { tokenizerClass: name };
  throw fields.wrong('tokenizer_class', 'a name, as "BertTokenizer"');
}

function checkSizes(
  fields: Fields,
  shape: EncoderShape,
  config: ConfigMapping,
  positions: Positions,
): void {
  const { hiddenSize, heads, padTokenId, vocabularySize, maxPositions } = shape;
  const named = (name: keyof ConfigMapping['settings']) => fieldOf(config, name) ?? name;
  if (hiddenSize % heads !== 0) {
    throw fields.wrong(named('heads'), `a divisor of "${named('hiddenSize')}", ${hiddenSize}`);
  }
  if (padTokenId >= vocabularySize) {
    const size = `"${named('vocabularySize')}", ${vocabularySize}`;
    throw fields.wrong(named('padTokenId'), `a token below ${size}`);
  }
  const unused = positions.unused(shape);
  if (maxPositions <= unused) {
    throw fields.wrong(
      named('maxPositions'),
      `more than ${unused}, for positions begin after "${named('padTokenId')}"`,
    );
  }
}
