import { backward, parameter, probed, probeOutputs, rows, trace, wtaCrs } from '@sketchgrad/core';
import { moments } from '@sketchgrad/core/reference';
import { expect, it } from 'vitest';
import type { BatchRows } from '../../src/priorities/batch-rows.js';
import { type LayerVariances, probeLayers } from '../../src/search/probe.js';
import { ProbePasses } from '../../src/search/probe-passes.js';
import { checkedRun } from '../../src/sentences/fine-tune.js';
import { base, LAYERS } from './choosing.js';
import { tokenNetwork as model } from './token-network.js';

const estimators = [wtaCrs({ rate: 0.25 }), rows({ by: 'optimal', rate: 0.25 })];
const candidates = estimators.map((estimator) => ({ name: estimator.name, estimator }));

async function probing() {
  const { source, settings } = checkedRun(model, base());
  const { backend, seed } = settings;
  const state = backend.createState();
  const free = new Set<string>();
  const initialize = () => model.initialize(state, { seed });
  const passes = new ProbePasses(source, {
    ...{ backend, state, initialize, seed, free, recompute: 'none' },
  });
  const found = (epochs: number, priorities: 'example' | 'position'): Promise<LayerVariances[]> =>
    probeLayers(passes, { candidates, free, epochs, priorities });
  return { passes, found, state, backend, seed };
}

/** X and Y of each layer in the two batches that a probe looks at, under either dropout. */
async function matricesOf({ passes, state, backend, seed }: Awaited<ReturnType<typeof probing>>) {
  const of = async (index: number, dropout: number) => {
    const { batch } = await passes.batch(index);
    const { shape } = batch;
    const graph = trace(() => {
      const estimator = ({ name }: { name: string }) =>
        probed({ layer: name, estimators: [], matrices: true });
      const { loss } = model.build({ shape, training: true, estimator });
      backward(
        loss,
        model.parameters.map(({ name, shape }) => parameter(name, shape)),
        () => {},
      );
      return { loss };
    });
    const executable = await backend.compile(graph, { state });
    const key = Int32Array.of(seed, -2 - 2 * index - dropout);
    const outputs = await executable.run({ ...batch.inputs, key });
    const layers = LAYERS.map((layer) => {
      const { x, y } = probeOutputs(layer);
      return { x: outputs[x] as Float32Array, y: outputs[y] as Float32Array };
    });
    return { batch, layers };
  };
  return Promise.all(
    [0, 1].map(async (index) => [await of(index, 0), await of(index, 1)] as const),
  );
}

const normsOf = (y: Float32Array, count: number) =>
  Array.from({ length: count }, (_, row) => {
    const width = y.length / count;
    return y.subarray(row * width, (row + 1) * width).reduce((sum, each) => sum + each * each, 0);
  });

/** The place of each row in its example; −1 for nobody's. */
function positionsOf({ indices, starts, attentionMask }: BatchRows): number[] {
  const positions = Array.from(attentionMask, () => -1);
  for (let example = 0; example < indices.length; example++)
    for (let row = starts[example]!; row < starts[example + 1]!; row++)
      positions[row] = row - starts[example]!;
  return positions;
}

it('rows are ranked by other batches’ averages first, and by their own norms in later epochs', async () => {
  const own = await probing();
  const [threeEpochs, one, byPosition] = [
    await own.found(3, 'example'),
    await own.found(1, 'example'),
    await own.found(3, 'position'),
  ];
  const seen = await matricesOf(own);
  for (const [layer, name] of LAYERS.entries()) {
    for (const [at, estimator] of estimators.entries()) {
      const expected = seen.map(([before, now], index) => {
        const positions = positionsOf(now.batch.rows!('layer'));
        const count = positions.length;
        const other = seen[1 - index]![0];
        const otherPositions = positionsOf(other.batch.rows!('layer'));
        const others = normsOf(other.layers[layer]!.y, otherPositions.length);
        const average = (position: number): number => {
          const places = others.filter((_, row) => otherPositions[row] === position);
          if (places.length === 0) return average(position - 1);
          return places.reduce((sum, norm) => sum + norm, 0) / places.length;
        };
        const guess = (of: (row: number) => number) =>
          Float32Array.from({ length: count }, (_, row) => (positions[row]! >= 0 ? of(row) : 0));
        const { x, y } = now.layers[layer]!;
        const sums = moments(x, y, count);
        const norms = normsOf(before.layers[layer]!.y, count);
        return {
          first: estimator.variance(
            sums,
            guess((row) => average(positions[row]!)),
          ),
          later: estimator.variance(
            sums,
            guess((row) => norms[row]!),
          ),
        };
      });
      const mean = (of: (each: (typeof expected)[number]) => number) =>
        (of(expected[0]!) + of(expected[1]!)) / 2;
      const is = (found: LayerVariances[], variance: number) =>
        expect(found[layer]!.variances[at]! / variance, `${name} ${estimator.name}`).toBeCloseTo(
          1,
          4,
        );
      is(
        one,
        mean(({ first }) => first),
      );
      is(
        byPosition,
        mean(({ first }) => first),
      );
      is(
        threeEpochs,
        mean(({ first, later }) => (first + 2 * later) / 3),
      );
      // What the test is about: it makes a difference.
      expect(mean(({ first, later }) => first / later)).toBeGreaterThan(1.01);
    }
  }
  await own.passes.dispose();
});
