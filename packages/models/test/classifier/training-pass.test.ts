import {
  dense,
  gaussian,
  type LinearLayer,
  RECOMPUTE_MODES,
  rmm,
  sentenceShape,
  trace,
  UsageError,
} from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { describe, expect, it } from 'vitest';
import {
  EncoderClassifier as Classifier,
  type EncoderClassifier,
  type LoadOptions,
} from '../../src/index.js';
import { loadClassifier, openCheckpoint } from '../../src/node/index.js';
import {
  fixtureFolder,
  readExample,
  runOnce,
  type TransformersFixture,
  traceGradients,
} from './transformers-fixture.js';

const { batch } = readExample('roberta-classification');
const { batchSize, rows, longest } = batch;
const shape = { batchSize, rows, longest };
const backend = createReferenceBackend();

/** The fixture's model with dropout, which a fixture cannot have. */
async function modelWithDropout(
  options: LoadOptions = {},
  fixture: TransformersFixture = 'roberta-classification',
): Promise<EncoderClassifier> {
  const { config } = await loadClassifier(fixtureFolder(fixture), options);
  return new Classifier(
    { ...config, hiddenDropout: 0.2, attentionDropout: 0.1, classifierDropout: 0.3 },
    { name: fixture, weights: () => openCheckpoint(fixtureFolder(fixture)) },
  );
}

describe('a training pass', () => {
  it.each([
    ['dense', dense()],
    ['rmm', rmm({ sketch: gaussian(), rate: 0.25 })],
  ] as const)('gives the same bits whatever is recomputed (%s)', async (_, estimator) => {
    const model = await modelWithDropout();
    const results = [];
    for (const mode of RECOMPUTE_MODES)
      results.push(
        await runOnce(model, traceGradients(model, batch, { estimator, mode }), batch, backend),
      );
    expect(RECOMPUTE_MODES).toContain('block');
    for (const [at, mode] of RECOMPUTE_MODES.entries())
      expect(results[at], mode).toEqual(results[0]);
  });

  it('asks for the estimator of each layer by its name and sizes', async () => {
    const model = await modelWithDropout();
    const { hiddenSize: hidden, intermediateSize: wide, layers } = model.config;
    const asked: LinearLayer[] = [];
    const estimator = ({ starts, ...layer }: LinearLayer) => {
      expect(starts!.shape).toEqual([batchSize + 1]);
      asked.push(layer);
      return dense();
    };
    traceGradients(model, batch, { estimator });
    const expected = Array.from({ length: layers }, (_, index) => {
      const name = `encoder.layer.${index}`;
      const last = `${name}.attention.self.key_value`;
      if (index === layers - 1) return [{ name: last, inputs: hidden, outputs: 2 * hidden }];
      return [
        { name: `${name}.attention.self.query_key_value`, inputs: hidden, outputs: 3 * hidden },
        { name: `${name}.attention.output.dense`, inputs: hidden, outputs: hidden },
        { name: `${name}.intermediate.dense`, inputs: hidden, outputs: wide },
        { name: `${name}.output.dense`, inputs: wide, outputs: hidden },
      ];
    });
    expect(asked).toEqual(expected.flat().map((layer) => ({ ...layer, rows })));
  });

  it('draws dropout from seed and step', async () => {
    const model = await modelWithDropout();
    const graph = traceGradients(model, batch);
    const run = (key: { seed?: number; step?: number }) =>
      runOnce(model, graph, batch, backend, key).then(({ predictions }) => predictions);
    const first = await run({ step: 3 });
    expect(await run({ step: 3 })).toEqual(first);
    expect(await run({ step: 4 })).not.toEqual(first);
    expect(await run({ seed: 1, step: 3 })).not.toEqual(first);
  });

  const BERT_BLOCK = ['encoder.layer', ['attention', 'feedForward']] as const;
  it.each([
    ['roberta-classification', ...BERT_BLOCK, 2],
    ['xlm-roberta-classification', ...BERT_BLOCK, 2],
    ['camembert-classification', ...BERT_BLOCK, 2],
    // The pooler's tanh has none before it: BertForSequenceClassification drops what comes out.
    ['bert-classification', ...BERT_BLOCK, 1],
    ['distilbert-classification', 'transformer.layer', ['feedForward'], 1],
  ] as const)(
    'has dropout in every place that transformers has it: %s',
    async (fixture, blocks, inBlock, inHead) => {
      const model = await modelWithDropout({}, fixture);
      const { batch } = readExample(fixture);
      const { nodes } = traceGradients(model, batch, { mode: 'none' });
      const inForward = (name: string) =>
        nodes
          .filter(({ op, stage }) => op.name === name && stage === 'forward')
          .map(({ scope, attributes }) => `${scope} ${Number(attributes.threshold) / 65536}`);
      const places = inForward('dropout');
      expect(places.map((place) => place.split(' ')[0])).toEqual([
        'embeddings',
        ...inBlock.map((place) => `${blocks}.0.${place}`),
        ...inBlock.map((place) => `${blocks}.1.${place}`),
        ...Array(inHead).fill('head'),
      ]);
      const attended = [...inForward('attention'), ...inForward('attentionPooling')];
      const rates = [...places, ...attended].map((place) => Number(place.split(' ')[1]));
      const hidden = Array(1 + 2 * inBlock.length).fill(0.2);
      const expected = [...hidden, ...Array(inHead).fill(0.3), 0.1, 0.1];
      expect(rates).toHaveLength(expected.length);
      for (const [index, rate] of rates.entries()) expect(rate).toBeCloseTo(expected[index]!, 4);
      const streams = nodes
        .filter(
          ({ op, stage }) => /dropout|^attention(Pooling)?$/.test(op.name) && stage === 'forward',
        )
        .map(({ attributes }) => attributes.stream);
      expect(new Set(streams).size).toBe(expected.length);
    },
  );
});

describe('a pass that is not for training', () => {
  it('has no key, no dropout and nothing random', async () => {
    const model = await modelWithDropout();
    const estimator = rmm({ sketch: gaussian(), rate: 0.25 });
    const graph = trace(() => ({
      ...model.build({ shape, training: false, estimator }),
    }));
    expect(graph.inputs.map(({ name }) => name)).toEqual([
      ...['starts', 'attentionMask', 'tokenIds', 'tokenTypeIds', 'positionIds', 'labels'],
    ]);
    expect(graph.nodes.some(({ op }) => op.name === 'dropout' || op.name === 'sketch')).toBe(false);
    const { logits, loss } = readExample('roberta-classification');
    const state = backend.createState();
    const executable = await backend.compile(graph, { state });
    await model.initialize(state, { seed: 0 });
    const outputs = await executable.run(model.inputs(batch));
    expect(outputs.loss![0]).toBeCloseTo(loss, 5);
    for (const [index, logit] of logits.entries())
      expect(outputs.predictions![index]).toBeCloseTo(logit, 5);
  });

  it('does not depend on how much padding there is, nor on rows that are nobody’s', async () => {
    const model = await modelWithDropout();
    const { batch: padded } = readExample('roberta-classification', 'padded');
    const wide = (values: Int32Array) =>
      Int32Array.from({ length: rows + 9 }, (_, i) => values[i] ?? 7);
    const emptier = {
      ...{ ...batch, rows: rows + 9, tokenIds: wide(batch.tokenIds) },
      tokenTypeIds: new Int32Array(rows + 9),
      attentionMask: wide(batch.attentionMask),
    };
    emptier.tokenTypeIds.set(batch.tokenTypeIds);
    const predictions = [];
    for (const each of [batch, padded, emptier]) {
      const { batchSize, rows, longest } = each;
      const graph = trace(() => ({
        ...model.build({ shape: { batchSize, rows, longest }, training: false }),
      }));
      const state = backend.createState();
      const executable = await backend.compile(graph, { state });
      await model.initialize(state, { seed: 0 });
      predictions.push((await executable.run(model.inputs(each))).predictions!);
    }
    for (const [index, logit] of predictions[0]!.entries())
      expect(predictions[1]![index]).toBeCloseTo(logit, 6);
    expect(predictions[2]).toEqual(predictions[0]);
  });
});

it('refuses to trace a sequence over the positions, naming both', async () => {
  const model = await loadClassifier('roberta-base', { randomWeights: true });
  const build = (tokens: number) => () =>
    trace(() => model.build({ shape: sentenceShape(1, tokens), training: true }));
  expect(build(512)).not.toThrow();
  expect(build(513)).toThrow(UsageError);
  expect(build(513)).toThrow(/513 tokens.*512 positions/);
});
