import { readFile } from 'node:fs/promises';
import { parseTokenizer } from '@sketchgrad/datasets';
import { loadTokenizer } from '@sketchgrad/datasets/node';
import { parseClassifier } from '@sketchgrad/models';
import { embeddedMiniLm, loadClassifier } from '@sketchgrad/models/node';
import { expect, it } from 'vitest';

it('a model of bytes has the tokenizer that the one of files has', async () => {
  const paths = await embeddedMiniLm();
  const [config, weights, tokenizer] = await Promise.all(
    [paths.config, paths.weights, paths.tokenizer].map((path) => readFile(path)),
  );
  const model = await parseClassifier(
    { config: config!, weights: weights!, tokenizer: { 'tokenizer.json': tokenizer! } },
    { labels: 2, onWarning: () => {} },
  );
  const ofFiles = await loadClassifier('minilm', { labels: 2, onWarning: () => {} });
  expect(model.config).toEqual(ofFiles.config);
  const encoders = [
    parseTokenizer(await model.tokenizerFiles()),
    await loadTokenizer(ofFiles.tokenizerPath),
  ];
  const [found, expected] = encoders.map((each) =>
    ['Hello world!', 'Café 中文 don’t', ''].map((text) => [
      ...each.encode(text, text, 64).tokenIds,
    ]),
  );
  expect(found).toEqual(expected);
});
