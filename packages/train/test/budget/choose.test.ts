import {
  dense,
  ELEMENT_BYTES,
  type KeepChoice,
  planMemory,
  sentenceShape,
  wtaCrs,
} from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { type EstimatorChoice, fineTune, traceTrainingStep } from '../../src/index.js';
import { CheckpointFolder } from '../../src/node/index.js';
import { probeLayers } from '../../src/search/probe.js';
import { ProbePasses } from '../../src/search/probe-passes.js';
import { traceProbe } from '../../src/search/trace-probe.js';
import { checkedRun } from '../../src/sentences/fine-tune.js';
import { temporaryDirectory } from '../temporary-directory.js';
import { tinyData } from '../tiny-model.js';
import { base, candidates, choose, LAYERS } from './choosing.js';
import { tokenNetwork as model } from './token-network.js';

const shapes = [...checkedRun(model, base()).source.known()].map((step) => step.shape);
const largest = shapes.reduce((most, shape) => (shape.rows > most.rows ? shape : most));

/** What the largest step keeps, by its plan, with these candidates. */
function keptBytes(picks: readonly number[]): number {
  const graph = traceTrainingStep(model, {
    shape: largest,
    recompute: 'none',
    estimator: ({ name }) => candidates[picks[LAYERS.indexOf(name)]!]!.estimator,
  });
  return planMemory(graph).keptBytes;
}

async function measured() {
  const { source, settings } = checkedRun(model, base());
  const { backend, seed } = settings;
  const state = backend.createState();
  const initialize = () => model.initialize(state, { seed });
  const free = new Set<string>();
  const passes = new ProbePasses(source, {
    ...{ backend, state, initialize, seed, free, recompute: 'none' },
  });
  return probeLayers(passes, { candidates, free, priorities: 'example', epochs: 1 });
}

describe('estimators chosen by bytes', () => {
  it('are within 5 % of the best of all choices, by their plans, and beat uniform ones', async () => {
    const layers = await measured();
    const indices = candidates.map((_, index) => index);
    const all = indices.flatMap((a) =>
      indices.flatMap((b) =>
        indices.map((c) => {
          const picks = [a, b, c];
          const variance = layers.reduce((sum, l, at) => sum + l.variances[picks[at]!]!, 0);
          return { picks, variance, bytes: keptBytes(picks) };
        }),
      ),
    );
    // What is chosen may have been averaged over more draws: the same measurement is compared.
    const varianceOf = ({ layers }: EstimatorChoice) => {
      const picks = layers.map((layer) => candidates.findIndex((c) => c.name === layer.estimator));
      return all.find((each) => each.picks.join() === picks.join())!.variance;
    };
    const sizes = all.map(({ bytes }) => bytes).sort((a, b) => a - b);
    for (const share of [0, 0.05, 0.2, 0.4, 0.6, 0.8, 1]) {
      const memoryBudget = sizes[Math.floor(share * (sizes.length - 1))]!;
      const choice = await choose({ memoryBudget, budgetOf: 'kept' });
      expect(choice.keptBytes).toBeLessThanOrEqual(memoryBudget);
      const fitting = all.filter(({ bytes }) => bytes <= memoryBudget);
      const least = Math.min(...fitting.map(({ variance }) => variance));
      expect(varianceOf(choice)).toBeLessThanOrEqual(1.05 * least);
    }
    let beaten = 0;
    for (const index of indices) {
      const uniform = all.find(({ picks }) => picks.every((pick) => pick === index))!;
      const choice = await choose({ memoryBudget: uniform.bytes, budgetOf: 'kept' });
      expect(choice.keptBytes).toBeLessThanOrEqual(uniform.bytes);
      expect(varianceOf(choice)).toBeLessThanOrEqual(uniform.variance);
      if (varianceOf(choice) < uniform.variance) beaten++;
    }
    // A uniform choice may be the best there is, but mostly is not.
    expect(beaten).toBeGreaterThan(indices.length / 2);
  }, 60_000);

  it('train within the peak that they were chosen for, the same each time', async () => {
    const exact = await fineTune(model, base());
    const least = await choose({ memoryBudget: '1TB', candidates: [candidates.at(-1)!] });
    const memoryBudget = Math.round((exact.plan.peakBytes + least.peakBytes) / 2);
    const told: EstimatorChoice[] = [];
    const onChoice = (choice: EstimatorChoice) => void told.push(choice);
    const run = await fineTune(model, { ...base(), candidates, memoryBudget, onChoice });
    expect(run.plan.peakBytes).toBeLessThanOrEqual(memoryBudget);
    expect(run.plan.peakBytes).toBe(run.choice!.peakBytes);
    expect(run.choice!.layers.map(({ layer }) => layer)).toEqual(LAYERS);
    expect(told).toEqual([run.choice]);
    const again = await fineTune(model, { ...base(), candidates, memoryBudget });
    expect(again.choice).toEqual(run.choice);
    expect(again.loss).toEqual(run.loss);
  });

  it('are exact where all fits', async () => {
    const { layers, variance } = await choose({ memoryBudget: '1GB' });
    expect(layers.every(({ estimator }) => estimator === 'dense')).toBe(true);
    expect(variance).toBe(0);
    // Rows that are padding are never missed: no noise for fewer bytes, were they needed.
    const some = [
      ...candidates.filter(({ name }) => name === 'dense'),
      { name: 'most', estimator: wtaCrs({ rate: 0.8 }) },
    ];
    const padded = { candidates: some, data: tinyData({ count: 40, padTo: 6 }) };
    const least = await choose({ noiseBudget: 1e-9, ...padded });
    expect(least).toMatchObject({ variance: 0, layers: [{ estimator: 'most' }, {}, {}] });
    const fits = await choose({ memoryBudget: '1GB', ...padded });
    expect(fits.layers.every(({ estimator }) => estimator === 'dense')).toBe(true);
  });

  it('take the input as it is where it is made again anyway', async () => {
    // GELU's output follows from its input, which is kept for its own gradient.
    const adds = async (recompute: 'none' | 'cheap') =>
      (await choose({ memoryBudget: '1GB', recompute })).layers.map(({ addedBytes }) => addedBytes);
    const rows = largest.rows * ELEMENT_BYTES;
    expect(await adds('none')).toEqual([8 * rows, 24 * rows, 8 * rows]);
    expect(await adds('cheap')).toEqual([0, 0, 0]);
  });

  it('are exact where the input is free, whatever the candidates', async () => {
    const others = candidates.filter(({ name }) => name !== 'dense');
    for (const budget of [{ memoryBudget: '1GB' }, { noiseBudget: 1e-9 }]) {
      const choice = await choose({ ...budget, candidates: others, recompute: 'cheap' });
      expect(choice).toMatchObject({ variance: 0 });
      for (const layer of choice.layers)
        expect(layer).toMatchObject({ estimator: 'dense', addedBytes: 0, variance: 0 });
    }
  });

  it('cannot be where even the least is too much, which is said', async () => {
    const failure = choose({ memoryBudget: '1kB' });
    await expect(failure).rejects.toMatchObject({ code: 'usage' });
    await expect(failure).rejects.toThrow(
      /1000 bytes\) for the peak .* least is .*\((\d+) bytes\)/,
    );
    const [, least] = /\((\d+) bytes\)\. /.exec(
      (await failure.catch((error: Error) => error.message)) as string,
    )!;
    expect((await choose({ memoryBudget: Number(least) })).peakBytes).toBe(Number(least));
  });
});

describe('estimators chosen by noise', () => {
  it('add no more than asked for, with fewer bytes the more they may', async () => {
    const exact = await choose({ noiseBudget: 1e-9 });
    expect(exact.layers.every(({ estimator }) => estimator === 'dense')).toBe(true);
    let kept = exact.keptBytes;
    for (const noiseBudget of [0.3, 1, 5]) {
      const choice = await choose({ noiseBudget });
      expect(choice.variance).toBeLessThanOrEqual(noiseBudget * choice.dSgd2ByExample);
      expect(choice.keptBytes).toBeLessThanOrEqual(kept);
      kept = choice.keptBytes;
    }
    expect(kept).toBeLessThan(exact.keptBytes);
  });

  it('cannot be where every candidate adds more, which is said', async () => {
    const only = candidates.filter(({ name }) => name === 'rmm:count:0.2');
    await expect(choose({ noiseBudget: 1e-3, candidates: only })).rejects.toThrow(
      /noise budget of 0.001 cannot be met: .* least is \d/,
    );
  });
});

it('is looked at as it is trained, with what is kept in few bits and made again', () => {
  const ops = (keep: KeepChoice) => {
    const graph = traceProbe(model, {
      ...{ shape: sentenceShape(4, 4), held: {} },
      estimators: () => [],
      draws: 0,
      recompute: 'cheap',
      keep,
    });
    return graph.nodes.map(({ op }) => op.name);
  };
  expect(ops({})).not.toContain('fewBitGelu');
  expect(ops({ gelu: 2 })).toContain('fewBitGelu');
});

it('a resumed run is given what it had', async () => {
  const options = { candidates, memoryBudget: 15_000, budgetOf: 'kept' } as const;
  const whole = await fineTune(model, { ...base(), ...options });
  const checkpoint = { store: new CheckpointFolder(await temporaryDirectory()), everySteps: 2 };
  const kill = ({ step }: { step: number }) => {
    if (step === 3) throw new Error('killed');
  };
  const killed = fineTune(model, { ...base(), ...options, checkpoint, onStep: kill });
  await expect(killed).rejects.toThrow('killed');
  const run = await fineTune(model, { ...base(), ...options, checkpoint, resume: true });
  expect(run.loss).toEqual(whole.loss);
  expect(run.choice).toEqual(whole.choice);
  const other = { ...base(), checkpoint, resume: true };
  await expect(fineTune(model, other)).rejects.toThrow(/estimator \(".*×.*" there, "dense" here\)/);
});

it.each([
  [{ memoryBudget: '1GB', noiseBudget: 1 }, 'exclude each other'],
  [{ memoryBudget: '1' }, 'accepted: a number above 0 with a unit'],
  [{ memoryBudget: -5 }, 'accepted: a number above 0 with a unit'],
  [{ noiseBudget: 0 }, 'noiseBudget must be a number above 0'],
  [{ memoryBudget: '1GB', budgetOf: 'all' as 'peak' }, 'must be one of peak, kept'],
  [{ memoryBudget: '1GB', estimator: dense() }, 'pass it or estimator, not both'],
  [{ noiseBudget: 1, everyLayer: true }, 'pass it or everyLayer, not both'],
  [{ memoryBudget: '1GB', candidates: [] }, 'candidates is empty'],
])('no run has %o', async (options, message) => {
  await expect(fineTune(model, { ...base(), ...options })).rejects.toThrow(message);
});
