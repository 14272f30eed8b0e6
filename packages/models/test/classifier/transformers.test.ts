import { gaussian, rmm } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { describe, expect, it } from 'vitest';
import { architectureOf } from '../../src/architectures/table.js';
import { fileTensors } from '../../src/classifier/tensor-names.js';
import { loadClassifier, openSafetensors } from '../../src/node/index.js';
import {
  differencesFromTransformers,
  fixtureFolder,
  TRANSFORMERS_FIXTURES,
} from './transformers-fixture.js';

/** What is accepted of ‖ours − transformers'‖ / ‖transformers'‖, for every tensor. */
const BOUNDS = { f64: 2e-7, f32: 1e-5 } as const;

describe.each(TRANSFORMERS_FIXTURES)('%s equals transformers', (name) => {
  it.each([
    ['f64', 'packed', 'first'],
    ['f32', 'packed', 'first'],
    ['f64', 'packed', 'all'],
    ['f64', 'padded', 'first'],
    ['f64', 'padded', 'all'],
  ] as const)(
    'in logits, loss and all gradients, in %s, %s, the last layer of %s rows',
    async (precision, layout, lastLayer) => {
      const backend = createReferenceBackend({ precision });
      const differences = await differencesFromTransformers(name, backend, { layout, lastLayer });
      const wrong = [...differences].filter(([, difference]) => !(difference <= BOUNDS[precision]));
      expect(wrong).toEqual([]);
    },
  );

  it('in every gradient but those that an estimator estimates', async () => {
    const estimator = rmm({ sketch: gaussian(), rate: 0.5 });
    const backend = createReferenceBackend({ precision: 'f64' });
    const differences = await differencesFromTransformers(name, backend, {
      ...{ estimator, lastLayer: 'all' },
    });
    const estimated = [...differences].filter(([, difference]) => difference > BOUNDS.f64);
    expect(estimated.map(([key]) => key).sort()).toEqual(
      [...differences.keys()]
        .filter((key) => /\.layer\.\d+\..*(dense|query_key_value|lin|lin1|lin2)\.weight$/.test(key))
        .sort(),
    );
  });

  it('in every gradient of a last layer that has first tokens alone, but of keys and values', async () => {
    const estimator = rmm({ sketch: gaussian(), rate: 0.5 });
    const backend = createReferenceBackend({ precision: 'f64' });
    const differences = await differencesFromTransformers(name, backend, { estimator });
    const estimated = [...differences].filter(
      ([key, difference]) => /\.layer\.1\./.test(key) && difference > BOUNDS.f64,
    );
    expect(estimated.map(([key]) => key)).toEqual([
      expect.stringMatching(/\.(key_value|kv_lin)\.weight$/),
    ]);
  });

  it.each(['first', 'all'] as const)(
    'in its tensors, the last layer of %s rows',
    async (lastLayer) => {
      const model = await loadClassifier(fixtureFolder(name), { lastLayer });
      const { tensors } = architectureOf(model.config);
      const store = await openSafetensors(`${fixtureFolder(name)}/model.safetensors`);
      const ours = model.parameters
        .flatMap((parameter) => fileTensors(parameter, tensors))
        .map((tensor) => [tensor.name, tensor.shape]);
      const theirs = store.names.map((tensor) => [tensor, store.info(tensor).shape]);
      await store.close();
      expect(ours.sort()).toEqual(theirs.sort());
    },
  );
});
