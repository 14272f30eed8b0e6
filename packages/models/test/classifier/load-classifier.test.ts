import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataError, UsageError } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import type { FloatTensor, RawTensor } from '../../src/index.js';
import { loadClassifier } from '../../src/node/index.js';
import { changedModel, remove, rename, type Tensors } from './changed-model.js';
import { readAll, startingState } from './memory-state.js';
import { fixtureFolder, type TransformersFixture } from './transformers-fixture.js';

const inF64 = ({ name, shape, data }: FloatTensor): RawTensor => {
  const bytes = new Uint8Array(Float64Array.from(data as Float32Array).buffer);
  return { name, shape, dtype: 'F64', bytes };
};

const quiet = { onWarning: () => {} };

describe('weights in the ways that checkpoints have them', () => {
  const original = async (fixture: TransformersFixture) =>
    readAll(await startingState(await loadClassifier(fixtureFolder(fixture))));

  it.each<[string, TransformersFixture, (tensors: Tensors) => void]>([
    [
      'without a prefix',
      'bert-classification',
      (t) => rename(t, (name) => name.replace(/^bert\./, '')),
    ],
    [
      "without RoBERTa's prefix",
      'roberta-regression',
      (t) => rename(t, (name) => name.replace(/^roberta\./, '')),
    ],
    [
      "without DistilBERT's prefix",
      'distilbert-classification',
      (t) => rename(t, (name) => name.replace(/^distilbert\./, '')),
    ],
    [
      'with gamma and beta',
      'bert-classification',
      (t) =>
        rename(t, (name) =>
          name
            .replace('LayerNorm.weight', 'LayerNorm.gamma')
            .replace('LayerNorm.bias', 'LayerNorm.beta'),
        ),
    ],
    [
      'without a prefix, with gamma and beta',
      'bert-classification',
      (t) =>
        rename(t, (name) =>
          name
            .replace(/^bert\./, '')
            .replace('LayerNorm.weight', 'LayerNorm.gamma')
            .replace('LayerNorm.bias', 'LayerNorm.beta'),
        ),
    ],
    [
      'under module. without a prefix, with gamma and beta',
      'roberta-classification',
      (t) =>
        rename(
          t,
          (name) =>
            `module.${name
              .replace(/^roberta\./, '')
              .replace('LayerNorm.weight', 'LayerNorm.gamma')
              .replace('LayerNorm.bias', 'LayerNorm.beta')}`,
        ),
    ],
    ...['module.', '_orig_mod.', 'model.', 'module._orig_mod.'].map(
      (prefix): [string, TransformersFixture, (tensors: Tensors) => void] => [
        `under ${prefix}`,
        'bert-classification',
        (t) => rename(t, (name) => prefix + name),
      ],
    ),
    [
      'under module. without a prefix',
      'roberta-regression',
      (t) => rename(t, (name) => `module.${name.replace(/^roberta\./, '')}`),
    ],
    [
      'in F64',
      'bert-classification',
      (t) => {
        for (const tensor of t.values()) t.set(tensor.name, inF64(tensor as FloatTensor));
      },
    ],
    [
      'with tensors that nobody needs',
      'bert-classification',
      (t) => {
        const name = 'bert.embeddings.position_ids';
        t.set(name, { name, shape: [1, 2], dtype: 'I64', bytes: new Uint8Array(16) });
        t.set('cls.bias', { name: 'cls.bias', shape: [1], data: Float32Array.of(1) });
      },
    ],
  ])('%s', async (_, fixture, change) => {
    const model = await loadClassifier(await changedModel(change, { fixture }), quiet);
    expect(await readAll(await startingState(model))).toEqual(await original(fixture));
  });
});

describe('a head that is not in the checkpoint', () => {
  it.each<[TransformersFixture, readonly string[]]>([
    ['bert-classification', ['bert.pooler.dense', 'classifier']],
    ['roberta-classification', ['classifier.dense', 'classifier.out_proj']],
    ['xlm-roberta-classification', ['classifier.dense', 'classifier.out_proj']],
    ['camembert-classification', ['classifier.dense', 'classifier.out_proj']],
    ['distilbert-classification', ['pre_classifier', 'classifier']],
  ])('is drawn from the seed: %s', async (fixture, layers) => {
    const folder = await changedModel((t) => remove(t, /^(pre_)?classifier|pooler/), { fixture });
    const model = await loadClassifier(folder, { labels: 5, ...quiet });
    const [first, again, other] = await Promise.all(
      [1, 1, 2].map(async (seed) => readAll(await startingState(model, seed))),
    );
    expect(again).toEqual(first);
    for (const layer of layers) {
      expect(other![`${layer}.weight`]).not.toEqual(first![`${layer}.weight`]);
      expect(first![`${layer}.bias`]!.every((value) => value === 0)).toBe(true);
      const weight = first![`${layer}.weight`]!;
      const spread = Math.sqrt(weight.reduce((sum, value) => sum + value ** 2, 0) / weight.length);
      expect(spread).toBeGreaterThan(0.015);
      expect(spread).toBeLessThan(0.025);
    }
    const drawn = Object.keys(first!).filter(
      (name) => other![name]!.join() !== first![name]!.join(),
    );
    expect(drawn.sort()).toEqual(layers.map((layer) => `${layer}.weight`).sort());
  });

  it.each<[TransformersFixture, readonly string[]]>([
    // BERT's pooler is part of the pretrained encoder.
    ['bert-classification', ['classifier.weight']],
    ['roberta-classification', ['classifier.dense.weight', 'classifier.out_proj.weight']],
    ['distilbert-classification', ['pre_classifier.weight', 'classifier.weight']],
  ])('is drawn where a new one is asked for: %s', async (fixture, expected) => {
    const folder = fixtureFolder(fixture);
    const model = await loadClassifier(folder, { labels: ['no', 'yes'], newHead: true, ...quiet });
    const [first, other] = await Promise.all(
      [1, 2].map(async (seed) => readAll(await startingState(model, seed))),
    );
    const drawn = Object.keys(first!).filter(
      (name) => other![name]!.join() !== first![name]!.join(),
    );
    expect(drawn).toEqual(expected);
  });
});

describe('a checkpoint that is not the model’s', () => {
  it.each<[string, (tensors: Tensors) => void, RegExp]>([
    [
      'misses a tensor',
      (t) => remove(t, /layer\.1\.attention\.self\.key\.weight/),
      /no tensor 'bert\.encoder\.layer\.1\.attention\.self\.key\.weight'/,
    ],
    [
      'misses half of the head',
      (t) => remove(t, /^classifier\.bias/),
      /no tensor 'classifier.bias'/,
    ],
    [
      'has a tensor of another shape',
      (t) => {
        const name = 'bert.embeddings.word_embeddings.weight';
        t.set(name, { name, shape: [2, 3], data: new Float32Array(6) });
      },
      /config\.json: "vocab_size" is 64, but '.*word_embeddings\.weight' in .*safetensors is \[2, 3\]/,
    ],
    [
      'has the tensors of fewer layers',
      (t) => remove(t, /layer\.1\./),
      /config\.json: "num_hidden_layers" is 2, but .*safetensors has the tensors of 1/,
    ],
    [
      'has a tensor of another name’s shape',
      (t) => {
        const name = 'bert.encoder.layer.1.output.dense.bias';
        t.set(name, { name, shape: [3], data: new Float32Array(3) });
      },
      /layer\.1\.output\.dense\.bias' is \[3\], the model needs \[32\]/,
    ],
    [
      'has a prefix on some of its tensors',
      (t) => rename(t, (name) => (name.includes('embeddings') ? `module.${name}` : name)),
      /no tensor 'bert\.embeddings\.word.*did you mean 'module\.bert\.embeddings\.word/,
    ],
    [
      'has a layer too many',
      (t) => {
        const name = 'bert.encoder.layer.2.output.dense.bias';
        t.set(name, { name, shape: [32], data: new Float32Array(32) });
      },
      /layer\.2\.output\.dense\.bias', but config.json says num_hidden_layers 2/,
    ],
  ])('is refused when it %s, at loading', async (_, change, message) => {
    const folder = await changedModel(change);
    const error = await loadClassifier(folder).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DataError);
    expect(String(error)).toMatch(message);
    await expect(loadClassifier(folder, { randomWeights: true })).resolves.toBeDefined();
  });

  it('is refused for labels that its head was not trained for, saying what helps', async () => {
    const loading = loadClassifier(fixtureFolder('bert-classification'), { labels: 2 });
    await expect(loading).rejects.toThrow(
      /safetensors: has a classifier for 3 classes.*, and 2 are asked for; draw a new .*newHead.*--new-head/,
    );
  });

  it('is refused for a weight that is not a number, when it is read', async () => {
    const folder = await changedModel((tensors) => {
      const { data } = tensors.get('bert.encoder.layer.0.output.dense.bias') as FloatTensor;
      (data as Float32Array)[3] = Number.NaN;
    });
    await expect(startingState(await loadClassifier(folder))).rejects.toThrow(
      /output\.dense\.bias' holds NaN at element 3/,
    );
  });

  it('is refused when it is truncated', async () => {
    const folder = await changedModel(() => {});
    writeFileSync(join(folder, 'model.safetensors'), Buffer.alloc(100));
    await expect(loadClassifier(folder)).rejects.toThrow(DataError);
  });
});

describe('names', () => {
  it('that are unknown are told what is accepted', async () => {
    const error = await loadClassifier('bert-huge').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toMatch(/'bert-huge'.*minilm, bert-base, roberta-base.*folder/);
  });

  it.each(['bert-base', 'roberta-base'])('%s needs random weights or a folder', async (name) => {
    const error = await loadClassifier(name).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toMatch(/pass a folder/);
    const model = await loadClassifier(name, { randomWeights: true });
    expect(() => model.tokenizerPath).toThrow(/configuration without a tokenizer/);
  });

  it('minilm is all-MiniLM-L6-v2 with its tokenizer', async () => {
    const model = await loadClassifier('minilm', { labels: ['praise', 'complaint'], ...quiet });
    expect(model.config).toMatchObject({ layers: 6, hiddenSize: 384, vocabularySize: 30522 });
    expect(model.labels).toEqual(['praise', 'complaint']);
    expect(model.tokenizerPath).toMatch(/tokenizer\.json$/);
    const state = await startingState(model);
    const gains = await state.read('bert.encoder.layer.5.output.LayerNorm.weight');
    expect(gains.some((gain) => gain !== 1)).toBe(true);
    expect(await state.read('classifier.weight')).toHaveLength(2 * 384);
  });
});

describe('labels', () => {
  const labelsOf = async (labels: readonly string[] | number | 'regression') => {
    const { config } = await loadClassifier('bert-base', { randomWeights: true, labels });
    return [config.problemType, ...config.labels];
  };

  it('may be names, a count or regression', async () => {
    expect(await labelsOf(['a', 'b', 'c'])).toEqual(['classification', 'a', 'b', 'c']);
    expect(await labelsOf(2)).toEqual(['classification', 'LABEL_0', 'LABEL_1']);
    expect(await labelsOf('regression')).toEqual(['regression', 'LABEL_0']);
    expect(await labelsOf(['score'])).toEqual(['regression', 'score']);
  });

  it.each<[unknown, RegExp]>([
    [[], /accepted: names/],
    [['a', 'a'], /two labels are called 'a'/],
    [0, /from 1 to 1000000, not 0/],
    [1.5, /not 1.5/],
    ['classes', /"classes"; accepted/],
  ])('%j is refused', async (labels, message) => {
    const error = await labelsOf(labels as 'regression').catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect(String(error)).toMatch(message);
  });
});
