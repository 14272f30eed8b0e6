import { exact, gaussian, quantized, rmm, rows, UsageError } from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { describe, expect, it } from 'vitest';
import {
  type FineTuneOptions,
  fineTune,
  type ProbeOptions,
  type ProbeRecord,
} from '../src/index.js';
import { CheckpointFolder } from '../src/node/index.js';
import { nearLayers } from '../src/probe/near-layers.js';
import { temporaryDirectory } from './temporary-directory.js';
import { TinyModel, tinyData } from './tiny-model.js';

const model = new TinyModel({ perToken: true });
const sketched = rmm({ sketch: gaussian(), rate: 0.5 });

/** 10 examples in batches of 4: 3 steps an epoch, the last of 2 examples; 6 steps. */
const base = (): FineTuneOptions => ({
  backend: createReferenceBackend(),
  data: tinyData({ count: 10 }),
  batchSize: 4,
  epochs: 2,
  // Its tokens would give it an exact gradient for nothing.
  everyLayer: true,
});

async function probedRun(
  probe: Partial<ProbeOptions> = {},
  options: Partial<FineTuneOptions> = {},
) {
  const records: ProbeRecord[] = [];
  const run = await fineTune(model, {
    ...base(),
    ...options,
    probe: {
      layers: ['hidden'],
      estimator: sketched,
      onRecord: (record) => records.push(record),
      ...probe,
    },
  });
  return { run, records };
}

/** Fails unless what is measured is what the formula says, at each step and on average. */
function expectRatios(
  records: readonly ProbeRecord[],
  allowed: { readonly each: number; readonly mean: number },
): void {
  const ratios = records.map(({ dRmm2, dRmm2Measured }) => dRmm2Measured! / dRmm2);
  for (const ratio of ratios) expect(Math.abs(ratio - 1)).toBeLessThan(allowed.each);
  const mean = ratios.reduce((sum, ratio) => sum + ratio, 0) / ratios.length;
  expect(Math.abs(mean - 1)).toBeLessThan(allowed.mean);
}

describe('a probe', () => {
  it('tells both sides of the theorem at each step, or every so many', async () => {
    const { records } = await probedRun();
    expect(records.map(({ step, layer }) => [step, layer])).toEqual(
      [1, 2, 3, 4, 5, 6].map((step) => [step, 'hidden']),
    );
    expect(Object.keys(records[0]!)).toEqual([
      'step',
      'layer',
      'dSgd2',
      'dSgd2ByExample',
      'dRmm2Published',
      'dRmm2',
      'dRmm2Error',
      'dRmm2Measured',
      'alpha',
      'ratio',
      'boundPublished',
      'boundCorrected',
      'holds',
    ]);
    for (const record of records) {
      expect(record.alpha).toBeGreaterThan(0);
      expect(record.dRmm2).toBeGreaterThan(record.dRmm2Published);
      expect(record.boundPublished).toBeCloseTo((1 + record.alpha!) / record.alpha!, 10);
      expect(record.ratio!).toBeLessThanOrEqual(record.boundCorrected!);
      expect(record.holds).toBe(record.ratio! <= record.boundPublished!);
      expect(record.dRmm2Error).toBe(0);
      expect(record.dRmm2Measured).toBeNull();
    }
    const some = await probedRun({ every: 2 });
    expect(some.records).toEqual(records.filter(({ step }) => step % 2 === 1));
  });

  it('tells how far a variance is off that is an average over draws', async () => {
    const { records } = await probedRun({ estimator: exact({ bits: 2, projection: 2 }) });
    for (const { dRmm2, dRmm2Error } of records) {
      expect(dRmm2Error).toBeGreaterThan(0);
      expect(dRmm2Error).toBeLessThanOrEqual(0.02 * dRmm2);
    }
  });

  it('averages over as many draws as that takes, the same when resumed', async () => {
    const estimator = exact({ bits: 1, projection: 4 });
    const checkpoint = { store: new CheckpointFolder(await temporaryDirectory()), everySteps: 1 };
    const { records } = await probedRun({ estimator });
    const kill = ({ step }: { step: number }) => {
      if (step === 3) throw new Error('killed');
    };
    await expect(probedRun({ estimator }, { checkpoint, onStep: kill })).rejects.toThrow('killed');
    const resumed = await probedRun({ estimator }, { checkpoint, resume: true });
    expect(resumed.records.length).toBeGreaterThan(0);
    expect(resumed.records).toEqual(records.slice(-resumed.records.length));
  });

  it.each([
    ['dense', {}],
    ['sketched', { estimator: sketched }],
    ['chosen by layer', { estimator: () => rows({ rate: 0.5, by: 'optimal' }) }],
  ] as const)('leaves a run as it is: %s', async (_, options) => {
    const { run } = await probedRun({}, options);
    const alone = await fineTune(model, { ...base(), ...options });
    expect(run.loss).toEqual(alone.loss);
    for (const { name } of model.parameters)
      expect(await run.state.read(name)).toEqual(await alone.state.read(name));
  });

  it('measures by fresh keys what the formula says', async () => {
    // Fewer examples have sketches of so few rows that single draws are far off.
    const options = { estimator: sketched, epochs: 3, batchSize: 10 };
    const { records } = await probedRun({ measured: 400 }, options);
    expect(records).toHaveLength(3);
    // A mean of 400 squares of some ten normal deviates varies by a thirtieth: four of them, and of
    // the mean of three.
    expectRatios(records, { each: 0.13, mean: 0.075 });
  });

  it('hands the guesses of rows’ norms on', async () => {
    const { records } = await probedRun({ estimator: rows({ rate: 0.5, by: 'optimal' }) });
    expect(records).toHaveLength(6);
    for (const { dRmm2 } of records) expect(dRmm2).toBeGreaterThan(0);
  });

  it('tells variances whose terms have to be measured', async () => {
    const estimator = quantized({ bits: 2 });
    // Few rows carry most of it, so that 400 estimates would leave single steps a tenth off.
    const { records } = await probedRun({ estimator, measured: 800 });
    expect(records).toHaveLength(6);
    expectRatios(records, { each: 0.1, mean: 0.04 });
  });

  it.each([
    [{ layers: ['hiden'] }, {}, /no layer 'hiden' to probe; .* hidden/],
    [{ layers: [] }, {}, /at least one layer/],
    [{ layers: ['hidden', 'hidden'] }, {}, /'hidden' is probed twice/],
    [{ every: 0 }, {}, /every must be an integer/],
    [{ measured: 1.5 }, {}, /measured must be an integer/],
    [{}, { accumulate: 2 }, /accumulate must be 1 with it, or not given/],
  ] as const)('refuses what cannot be, %#', async (probe, options, message) => {
    const failed = probedRun(probe, options);
    await expect(failed).rejects.toThrow(UsageError);
    await expect(failed).rejects.toThrow(message);
  });
});

describe('near layers', () => {
  const known = [0, 1, 2].flatMap((layer) =>
    ['attention.output.dense', 'intermediate.dense', 'output.dense'].map(
      (part) => `encoder.layer.${layer}.${part}`,
    ),
  );

  it('share most parts of the name', () => {
    expect(nearLayers('encoder.layer.2.ouput.dense', known)).toContain(
      'encoder.layer.2.output.dense',
    );
    expect(nearLayers('encoder.layer.9.intermediate.dense', known).slice(0, 3)).toEqual([
      'encoder.layer.0.intermediate.dense',
      'encoder.layer.1.intermediate.dense',
      'encoder.layer.2.intermediate.dense',
    ]);
    expect(nearLayers('nothing', known)).toHaveLength(4);
    expect(nearLayers('x', [])).toEqual([]);
  });
});
