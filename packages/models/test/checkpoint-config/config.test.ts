import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DataError } from '@sketchgrad/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  BUILT_IN_CONFIGS,
  ENCODER_ARCHITECTURES,
  type EncoderConfig,
  formatConfig,
  longestSequence,
  parseConfig,
} from '../../src/index.js';
import { embeddedMiniLm, readConfig, writeConfig } from '../../src/node/index.js';
import { TRANSFORMERS_FIXTURES } from '../classifier/transformers-fixture.js';
import { temporaryFolder } from '../temporary-folder.js';

const fixtures = fileURLToPath(new URL('../../fixtures', import.meta.url));

function storedConfig(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(fixtures, name, 'config.json'), 'utf8'));
}

/** Lists in lists. */
function nested(depth: number): unknown {
  let value: unknown = [];
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}

describe('reading a config.json', () => {
  it('reads what transformers wrote', async () => {
    expect(await readConfig(join(fixtures, 'roberta-classification'))).toEqual({
      architecture: 'roberta',
      hiddenSize: 32,
      layers: 2,
      heads: 4,
      intermediateSize: 64,
      vocabularySize: 64,
      maxPositions: 16,
      typeVocabularySize: 1,
      layerNormEpsilon: 1e-5,
      hiddenDropout: 0,
      attentionDropout: 0,
      classifierDropout: 0,
      padTokenId: 1,
      hiddenActivation: 'gelu',
      initializerRange: 0.02,
      labels: ['LABEL_0', 'LABEL_1', 'LABEL_2'],
      problemType: 'classification',
      lastLayer: 'first',
    });
    const regression = await readConfig(join(fixtures, 'bert-regression', 'config.json'));
    expect(regression).toMatchObject({
      architecture: 'bert',
      labels: ['LABEL_0'],
      problemType: 'regression',
      padTokenId: 0,
      layerNormEpsilon: 1e-12,
    });
  });

  it('reads the installed encoder, whose config is the built-in one', async () => {
    const { config } = await embeddedMiniLm();
    expect(await readConfig(config)).toEqual(BUILT_IN_CONFIGS.minilm);
    const labels = ['praise', 'complaint', 'question'];
    expect(await readConfig(config, { labels })).toEqual({ ...BUILT_IN_CONFIGS.minilm, labels });
  });

  it("takes transformers' defaults for absent and null fields", () => {
    const { id2label, label2id, pad_token_id, type_vocab_size, ...rest } =
      storedConfig('roberta-classification');
    const config = parseConfig('config.json', {
      ...rest,
      model_type: undefined,
      hidden_dropout_prob: 0.25,
      classifier_dropout: null,
      problem_type: null,
    });
    expect(config).toMatchObject({
      architecture: 'roberta',
      classifierDropout: 0.25,
      padTokenId: 1,
      typeVocabularySize: 2,
      labels: ['LABEL_0', 'LABEL_1'],
      problemType: 'classification',
    });
  });

  it("reads DistilBERT's fields, which have names of their own", () => {
    const { dropout, attention_dropout, seq_classif_dropout, ...rest } = storedConfig(
      'distilbert-classification',
    );
    const config = { architecture: 'distilbert', hiddenSize: 32, layers: 2, heads: 4 };
    const sizes = { intermediateSize: 64, typeVocabularySize: 0, layerNormEpsilon: 1e-12 };
    expect(parseConfig('c', rest)).toMatchObject({
      ...config,
      ...sizes,
      ...{ hiddenDropout: 0.1, attentionDropout: 0.1, classifierDropout: 0.2, padTokenId: 0 },
    });
    expect(parseConfig('c', { ...rest, dropout: 0.5 })).toMatchObject({
      ...{ hiddenDropout: 0.5, attentionDropout: 0.1, classifierDropout: 0.2 },
    });
    expect(() => parseConfig('c', { ...rest, n_heads: 5 })).toThrow(
      'c: "n_heads" is 5; accepted: a divisor of "dim", 32',
    );
    expect(() => parseConfig('c', { ...rest, activation: 'relu' })).toThrow(
      '"activation" is "relu"',
    );
  });

  it.each(ENCODER_ARCHITECTURES)("knows %s by its class's name, too", (name) => {
    const { model_type, ...rest } = storedConfig(`${name}-classification`);
    expect(model_type).toBe(name);
    expect(parseConfig('c', rest).architecture).toBe(name);
  });

  it('lets the caller replace a head that is not supported', () => {
    const stored = {
      ...storedConfig('bert-classification'),
      problem_type: 'multi_label_classification',
    };
    expect(() => parseConfig('c', stored)).toThrow(
      'c: "problem_type" is "multi_label_classification"; ' +
        'accepted: "single_label_classification" or "regression"',
    );
    const replaced = parseConfig('c', stored, { labels: ['score'] });
    expect(replaced).toMatchObject({ labels: ['score'], problemType: 'regression' });
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'other models',
      { model_type: 'gpt2' },
      `"model_type" is "gpt2"; accepted: "${ENCODER_ARCHITECTURES[0]}", "${ENCODER_ARCHITECTURES[1]}", `,
    ],
    ['a missing size', { hidden_size: undefined }, '"hidden_size" is missing; accepted: a whole'],
    [
      'sizes of zero',
      { num_hidden_layers: 0 },
      '"num_hidden_layers" is 0; accepted: a whole number',
    ],
    [
      'other activations',
      { hidden_act: 'gelu_new' },
      '"hidden_act" is "gelu_new"; accepted: "gelu"',
    ],
    [
      'relative positions',
      { position_embedding_type: 'relative_key' },
      '"position_embedding_type" is "relative_key"; accepted: "absolute"',
    ],
    ['decoders', { is_decoder: true }, '"is_decoder" is true; accepted: false'],
    [
      'heads that do not divide the width',
      { num_attention_heads: 5 },
      '"num_attention_heads" is 5; accepted: a divisor of "hidden_size", 32',
    ],
    [
      'more layers than any encoder has',
      { num_hidden_layers: 10_000 },
      '"num_hidden_layers" is 10000; accepted: a whole number from 1 to 1000',
    ],
    ['sizes without end', { vocab_size: 2 ** 53 }, 'accepted: a whole number from 1 to 16777216'],
    ['an infinite size', { hidden_size: Number.POSITIVE_INFINITY }, '"hidden_size" is Infinity;'],
    ['a fraction', { intermediate_size: 1.5 }, '"intermediate_size" is 1.5; accepted: a whole'],
    ['a size as text', { vocab_size: '64' }, '"vocab_size" is "64"; accepted: a whole number'],
    ['padding before the first token', { pad_token_id: -1 }, '"pad_token_id" is -1; accepted:'],
    [
      'a thousand million labels',
      { num_labels: 1e9, id2label: null },
      '"num_labels" is 1000000000; accepted: a whole number from 1 to 1000000',
    ],
    ['a dropout that f32 rounds to 1', { hidden_dropout_prob: 1 - 2 ** -40 }, 'in [0, 1)'],
    ['an epsilon that f32 rounds to 0', { layer_norm_eps: 1e-60 }, 'within the range of f32'],
    ['a spread beyond f32', { initializer_range: 1e60 }, 'within the range of f32'],
    [
      'lists without end',
      { architectures: [nested(100_000)], model_type: nested(100_000) },
      '"model_type" is [[[["..."]]]]; accepted: "bert"',
    ],
    ['a dropout of 1', { hidden_dropout_prob: 1 }, 'accepted: a probability in [0, 1)'],
    ['an epsilon of 0', { layer_norm_eps: 0 }, '"layer_norm_eps" is 0; accepted: a number > 0'],
    ['padding beyond the vocabulary', { pad_token_id: 64 }, 'a token below "vocab_size", 64'],
    ['labels with a gap', { id2label: { 0: 'a', 2: 'b' } }, 'for the ids "0", "1", … without gaps'],
    ['two labels of one name', { id2label: { 0: 'a', 1: 'a' } }, "two labels are called 'a'"],
    [
      'regression of several numbers',
      { problem_type: 'regression' },
      'regression with 3 labels (LABEL_0, LABEL_1, LABEL_2); accepted: regression with one label',
    ],
  ])('refuses %s', (_, fields, problem) => {
    const stored = { ...storedConfig('bert-classification'), ...fields };
    const parse = () => parseConfig('DIR/config.json', stored);
    expect(parse).toThrow(DataError);
    expect(parse).toThrow(problem);
  });

  it('refuses a position table that leaves RoBERTa no position', () => {
    const stored = { ...storedConfig('roberta-classification'), max_position_embeddings: 2 };
    expect(() => parseConfig('c', stored)).toThrow(
      '"max_position_embeddings" is 2; accepted: more',
    );
  });

  it.each(['gelu', 'gelu_python'])('takes %s for x Φ(x)', (name) => {
    const stored = { ...storedConfig('bert-classification'), hidden_act: name };
    expect(parseConfig('c', stored).hiddenActivation).toBe('gelu');
  });

  it('takes −0 for 0', () => {
    const stored = { ...storedConfig('bert-classification'), pad_token_id: -0 };
    expect(Object.is(parseConfig('c', stored).padTokenId, 0)).toBe(true);
  });

  it('reads as many labels as there may be', () => {
    const names = Array.from({ length: 1_000_000 }, (_, id) => [id, `class ${id}`]);
    const id2label = Object.fromEntries(names);
    const { labels } = parseConfig('c', { ...storedConfig('bert-classification'), id2label });
    expect(labels).toHaveLength(1_000_000);
    const refused = { 0: 'class 0', 1: 'class 1', 2: 'class 0' };
    expect(() =>
      parseConfig('c', { ...storedConfig('bert-classification'), id2label: refused }),
    ).toThrow("two labels are called 'class 0'");
  });

  it('refuses a file that is nested without end', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'config.json'), '['.repeat(1e6));
    await expect(readConfig(folder)).rejects.toThrow('config.json: is nested deeper than 100');
  });

  it('says where a file is missing or is not JSON', async () => {
    const folder = temporaryFolder();
    await expect(readConfig(folder)).rejects.toThrow('config.json: cannot be read: there is no');
    writeFileSync(join(folder, 'config.json'), '{"a":');
    await expect(readConfig(folder)).rejects.toThrow('config.json: is not JSON');
  });
});

describe('writing a config.json', () => {
  const configs: fc.Arbitrary<EncoderConfig> = fc
    .record({
      base: fc.constantFrom(
        ...TRANSFORMERS_FIXTURES.map((name) => parseConfig(name, storedConfig(name))),
        ...Object.values(BUILT_IN_CONFIGS),
      ),
      heads: fc.integer({ min: 1, max: 16 }),
      headSize: fc.integer({ min: 1, max: 128 }),
      layers: fc.integer({ min: 1, max: 48 }),
      dropout: fc.double({ min: 0, max: 0.99, noNaN: true }),
      labels: fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 5 }),
    })
    .map(({ base, heads, headSize, layers, dropout, labels }) => ({
      ...base,
      heads,
      hiddenSize: heads * headSize,
      layers,
      classifierDropout: dropout,
      labels,
      problemType: labels.length === 1 ? 'regression' : 'classification',
    }));

  it('is undone by reading', () => {
    fc.assert(
      fc.property(configs, (config) => {
        const text = JSON.stringify(formatConfig(config));
        expect(parseConfig('config.json', JSON.parse(text))).toEqual(config);
      }),
    );
  });

  it('names the class, the labels and the problem as transformers does', async () => {
    const folder = temporaryFolder();
    for (const name of TRANSFORMERS_FIXTURES) {
      await writeConfig(folder, await readConfig(join(fixtures, name)));
      const written = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'));
      expect(storedConfig(name)).toMatchObject(written);
    }
  });
});

it('counts the positions that tokens can use', () => {
  expect(longestSequence(BUILT_IN_CONFIGS['bert-base'])).toBe(512);
  expect(longestSequence(BUILT_IN_CONFIGS['roberta-base'])).toBe(512);
});
