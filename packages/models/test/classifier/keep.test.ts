import {
  backward,
  compressKept,
  type KeepChoice,
  parameter,
  recompute,
  trace,
  type Value,
} from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EncoderClassifier } from '../../src/index.js';
import { loadClassifier } from '../../src/node/index.js';
import { fixtureFolder, readExample, runOnce } from './transformers-fixture.js';

const fixture = 'roberta-classification';
const { batch } = readExample(fixture);
const backend = createReferenceBackend();

let model: EncoderClassifier;
beforeAll(async () => {
  model = await loadClassifier(fixtureFolder(fixture));
});

/** Loss and gradients, with some of what is kept in few bits. */
const step = (keep: KeepChoice) => {
  const graph = trace(() => {
    const { loss } = model.build({ shape: batch, training: true, keep });
    const outputs: Record<string, Value> = { loss };
    const parameters = model.parameters.map(({ name, shape }) => parameter(name, shape));
    backward(loss, parameters, (value, gradient) => {
      outputs[String(value.node.attributes.name)] = gradient;
    });
    return outputs;
  });
  return compressKept(recompute(graph, 'cheap'), keep);
};

const run = (keep: KeepChoice) => runOnce(model, step(keep), batch, backend);

type Results = Record<string, ArrayLike<number>>;

/** ‖g − exact‖ / ‖exact‖ over all gradients together. */
function relativeError(found: Results, exact: Results): number {
  let [error, norm] = [0, 0];
  for (const [name, values] of Object.entries(exact))
    if (name !== 'loss')
      for (let i = 0; i < values.length; i++) {
        error += (found[name]![i]! - values[i]!) ** 2;
        norm += values[i]! ** 2;
      }
  return Math.sqrt(error / norm);
}

describe('a training step that keeps in few bits', () => {
  it.each([
    [{ gelu: 1 }, 0.5],
    [{ gelu: 2 }, 0.25],
    [{ gelu: 3 }, 0.15],
    [{ gelu: 4 }, 0.08],
    [{ norm: 8 }, 0.01],
    [{ norm: 4 }, 0.15],
    [{ attention: 8 }, 0.02],
    [{ attention: 4 }, 0.3],
    [{ gelu: 3, norm: 8, attention: 8 }, 0.15],
  ] as const)('%j: the same loss, gradients within %f of the exact ones', async (keep, bound) => {
    const exact = await run({});
    const found = await run(keep);
    expect(found.loss).toEqual(exact.loss);
    const error = relativeError(found, exact);
    expect(error).toBeLessThan(bound);
    expect(error).toBeGreaterThan(0);
  });

  it('leaves a pass without gradients as it is', () => {
    const ops = (keep: KeepChoice, training: boolean) =>
      trace(() => model.build({ shape: batch, training, keep }))
        .nodes.map(({ op }) => op.name)
        .filter((name) => /gelu/i.test(name));
    expect(new Set(ops({ gelu: 3 }, false))).toEqual(new Set(['gelu']));
    expect(new Set(ops({ gelu: 3 }, true))).toEqual(new Set(['fewBitGelu']));
  });
});
