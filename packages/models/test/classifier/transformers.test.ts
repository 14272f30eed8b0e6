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
  it.each(['f64', 'f32'] as const)(
    'in logits, loss and all gradients, in %s',
    async (precision) => {
      const differences = await differencesFromTransformers(
        name,
        createReferenceBackend({ precision }),
      );
      const wrong = [...differences].filter(([, difference]) => !(difference <= BOUNDS[precision]));
      expect(wrong).toEqual([]);
    },
  );

  it('in every gradient but those that an estimator estimates', async () => {
    const estimator = rmm({ sketch: gaussian(), rate: 0.5 });
    const backend = createReferenceBackend({ precision: 'f64' });
    const differences = await differencesFromTransformers(name, backend, { estimator });
    const estimated = [...differences].filter(([, difference]) => difference > BOUNDS.f64);
    expect(estimated.map(([key]) => key).sort()).toEqual(
      [...differences.keys()]
        .filter((key) => /\.layer\.\d+\..*(dense|query_key_value|lin|lin1|lin2)\.weight$/.test(key))
        .sort(),
    );
  });

  it('in the names and shapes of its tensors', async () => {
    const model = await loadClassifier(fixtureFolder(name));
    const { tensors } = architectureOf(model.config);
    const store = await openSafetensors(`${fixtureFolder(name)}/model.safetensors`);
    const ours = model.parameters
      .flatMap((parameter) => fileTensors(parameter, tensors))
      .map((tensor) => [tensor.name, tensor.shape]);
    const theirs = store.names.map((tensor) => [tensor, store.info(tensor).shape]);
    await store.close();
    expect(ours.sort()).toEqual(theirs.sort());
  });
});
