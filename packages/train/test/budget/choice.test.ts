import { estimatorOf, gaussian, rmm, sentenceShape, UsageError } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { chosenEstimators, layersOf } from '../../src/index.js';
import { TinyModel } from '../tiny-model.js';

const candidates = [{ name: 'half', estimator: rmm({ sketch: gaussian(), rate: 0.5 }) }];
const layers = layersOf(new TinyModel(), sentenceShape(2, 4));
const chosen = (...names: string[]) => ({
  layers: names.map((layer) => ({ layer, estimator: 'half' })),
});

describe('a choice', () => {
  it('is of every layer of the model', () => {
    expect(layers.map(({ name }) => name)).toEqual(['hidden']);
    const estimators = chosenEstimators(chosen('hidden'), candidates, layers);
    expect(estimatorOf(estimators, layers[0]!)).toBe(candidates[0]!.estimator);
  });

  it.each<[string[], string]>([
    [[], "the choice says nothing of the model's layer 'hidden'"],
    [['hiden'], "has a layer 'hiden', which the model has not (did you mean 'hidden'?)"],
    [['hidden', 'output'], "has a layer 'output', which the model has not"],
    [['hidden', 'hidden'], "has the layer 'hidden' twice"],
  ])('of %j is refused', (names, message) => {
    const choose = () => chosenEstimators(chosen(...names), candidates, layers);
    expect(choose).toThrow(UsageError);
    expect(choose).toThrow(message);
  });
});
