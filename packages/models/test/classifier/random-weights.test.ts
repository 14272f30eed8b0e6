import { describe, expect, it } from 'vitest';
import { EncoderClassifier } from '../../src/index.js';
import { loadClassifier } from '../../src/node/index.js';
import { readAll, startingState } from './memory-state.js';
import { fixtureFolder } from './transformers-fixture.js';

const folders = (['bert', 'roberta', 'distilbert'] as const).map((name) =>
  fixtureFolder(`${name}-classification`),
);

describe.each(folders)('random weights of %s', async (folder) => {
  const model = await loadClassifier(folder, { randomWeights: true });
  const weights = await readAll(await startingState(model, 3));

  it('are normal with the configured spread, gains 1 and biases 0', () => {
    for (const [name, values] of Object.entries(weights)) {
      if (name.endsWith('.bias')) expect(new Set(values), name).toEqual(new Set([0]));
      else if (/(LayerNorm|layer_norm)\.weight$/.test(name))
        expect(new Set(values), name).toEqual(new Set([1]));
    }
    const all = Object.entries(weights)
      .filter(([name]) => /(dense|query_key_value|lin|lin\d)\.weight/.test(name))
      .flatMap(([, values]) => values);
    const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
    const square = all.reduce((sum, value) => sum + value ** 2, 0) / all.length;
    // Four standard errors of each.
    expect(Math.abs(mean)).toBeLessThan((4 * 0.02) / Math.sqrt(all.length));
    expect(Math.abs(square / 0.02 ** 2 - 1)).toBeLessThan(4 * Math.sqrt(2 / all.length));
  });

  it('are zero for the padding token', () => {
    const { padTokenId, hiddenSize, architecture } = model.config;
    const row = (table: string) =>
      weights[`${architecture}.embeddings.${table}.weight`]!.slice(
        padTokenId * hiddenSize,
        (padTokenId + 1) * hiddenSize,
      );
    expect(new Set(row('word_embeddings'))).toEqual(new Set([0]));
    expect(row('position_embeddings').every((value) => value === 0)).toBe(
      architecture === 'roberta',
    );
  });

  it('are the same for a seed, and of no other tensor or seed', async () => {
    expect(await readAll(await startingState(model, 3))).toEqual(weights);
    const other = await readAll(await startingState(model, 4));
    const name = Object.keys(weights).find((other) =>
      /layer\.0\.attention.*out.*weight$/.test(other),
    )!;
    expect(other[name]).not.toEqual(weights[name]);
    expect(weights[name.replace('layer.0', 'layer.1')]).not.toEqual(weights[name]);
  });
});

it('take their spread from the configuration', async () => {
  const { config } = await loadClassifier(folders[0]!, { randomWeights: true });
  const name = 'bert.pooler.dense.weight';
  const draw = async (initializerRange: number) => {
    const model = new EncoderClassifier({ ...config, initializerRange }, { name: 'random' });
    return (await readAll(await startingState(model)))[name]!;
  };
  const [narrow, wide] = [await draw(0.5), await draw(1)];
  expect(wide).toEqual(narrow.map((value) => 2 * value));
});

it.each(folders)('of %s decay for weights, not for biases and norms', async (folder) => {
  const model = await loadClassifier(folder, { randomWeights: true });
  const without = model.parameters.filter(({ decay }) => !decay).map(({ name }) => name);
  expect(without.every((name) => /(\.bias|(LayerNorm|layer_norm)\.weight)$/.test(name))).toBe(true);
  expect(without).toHaveLength(model.parameters.filter(({ shape }) => shape.length === 1).length);
});
