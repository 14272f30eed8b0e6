import {
  count,
  dense,
  exact,
  type GradientEstimator,
  gaussian,
  type MemoryPlan,
  quantized,
  RECOMPUTE_MODES,
  rademacher,
  rmm,
  rows,
  type TensorData,
  wtaCrs,
} from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../compare.js';
import { convnetGradients, convnetInputs, convnetParameters } from '../graphs/convnet.js';
import {
  type EncoderOptions,
  encoderInputs,
  encoderParameters,
  encoderStep,
} from '../graphs/encoder.js';
import { onReference, runOnce, runReference } from '../run.js';
import { expectAlike, expectTouched } from './compared.js';
import type { Theme } from './theme.js';

const ESTIMATORS: readonly GradientEstimator[] = [
  dense(),
  rmm({ sketch: gaussian(), rate: 0.5 }),
  rmm({ sketch: rademacher(), rate: 0.3 }),
];

/** What keeps pixels of images in ways of its own, each with draws that are the same everywhere. */
const OF_PIXELS: readonly GradientEstimator[] = [
  dense(),
  rmm({ sketch: count(), rate: 0.3 }),
  rmm({ sketch: gaussian({ blockRows: 16 }), rate: 0.5, centred: true }),
  rows({ by: 'norm', rate: 0.4 }),
  wtaCrs({ rate: 0.4 }),
  quantized({ bits: 3 }),
  exact({ bits: 4, projection: 2 }),
];

/** Losses, gradients and updates of a whole encoder, and what it keeps for them; gradients of a convnet. */
export const trainingTheme: Theme = (context) => {
  const { backend } = context;
  const tolerance = context.tolerances.training!;
  describe('training a convnet', () => {
    for (const estimator of OF_PIXELS)
      it(`gives the loss and every gradient of the reference: ${estimator.name}`, async () => {
        const graph = convnetGradients(estimator);
        const given = { inputs: convnetInputs(graph), state: convnetParameters(graph) };
        const wanted = await runReference(graph, given);
        const { outputs } = await runOnce(backend(), graph, given);
        expect(Object.keys(outputs).sort()).toEqual(Object.keys(wanted.outputs).sort());
        for (const [name, data] of Object.entries(wanted.outputs))
          expectClose(name, outputs[name]!, data, tolerance);
      });
  });

  describe('training an encoder', () => {
    for (const estimator of ESTIMATORS)
      describe(estimator.name, () => {
        const options: EncoderOptions = { batch: 3, sequence: 7, estimator, finish: 'gradients' };

        it('gives the loss and every gradient of the reference', async () => {
          const graph = encoderStep(options);
          const given = { inputs: encoderInputs(options, 0), state: encoderParameters(graph) };
          const wanted = await runReference(graph, given);
          const { outputs } = await runOnce(backend(), graph, given);
          expect(Object.keys(outputs).sort()).toEqual(Object.keys(wanted.outputs).sort());
          for (const [name, data] of Object.entries(wanted.outputs))
            expectClose(name, outputs[name]!, data, tolerance);
        });

        it('gives the same bits however much is recomputed, and keeps less each time', async () => {
          const runs: { outputs: Readonly<Record<string, TensorData>>; plan: MemoryPlan }[] = [];
          for (const mode of RECOMPUTE_MODES) {
            const graph = encoderStep({ ...options, recompute: mode });
            const given = { inputs: encoderInputs(options, 0), state: encoderParameters(graph) };
            const run = await runOnce(backend(), graph, given);
            expectTouched(context, run, `peak with ${mode}`);
            runs.push(run);
          }
          runs.slice(1).forEach((run, i) => {
            for (const [name, data] of Object.entries(runs[0]!.outputs))
              expectAlike(context, name, run.outputs[name]!, data);
            expect(run.plan.keptBytes, `bytes kept with ${RECOMPUTE_MODES[i + 1]}`).toBeLessThan(
              runs[i]!.plan.keptBytes,
            );
          });
        });
      });

    for (const finish of ['adamw', 'clipped', 'accumulated'] as const)
      it(`follows the reference through four steps, ${finish}`, async () => {
        const options: EncoderOptions = {
          batch: 2,
          sequence: 5,
          estimator: rmm({ sketch: rademacher(), rate: 0.5 }),
          finish,
          recompute: 'cheap',
        };
        const graph = encoderStep(options);
        const wanted = await onReference(graph, 'f64');
        const state = backend().createState();
        const executable = await backend().compile(graph, { state });
        for (const [name, data] of Object.entries(encoderParameters(graph))) {
          await state.write(name, data);
          await wanted.state.write(name, data);
        }
        for (let step = 0; step < 4; step++) {
          const inputs = encoderInputs(options, step);
          const outputs = await executable.run(inputs);
          const reference = await wanted.executable.runFloat64(inputs);
          for (const [name, data] of Object.entries(reference))
            expectClose(`${name} of step ${step}`, outputs[name]!, data, tolerance);
        }
        expect([...state.tensors.keys()].sort()).toEqual([...wanted.state.tensors.keys()].sort());
        for (const name of state.tensors.keys())
          expectClose(
            name,
            await state.read(name),
            await wanted.state.readFloat64(name),
            tolerance,
          );
        await executable.dispose();
      });
  });
};
