import {
  accumulate,
  clear,
  constant,
  dense,
  input,
  inStage,
  parameter,
  persistent,
  reshape,
  scale,
  trace,
} from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { describe, expect, it } from 'vitest';
import { expectClose } from '../compare.js';
import { encoderInputs, encoderParameters, encoderStep } from '../graphs/encoder.js';
import { expectTouched } from './compared.js';
import type { Theme } from './theme.js';

/** Tensors that stay on the device, and what goes in and out. */
export const stateTheme: Theme = (context) => {
  const { backend, tolerances } = context;
  describe('state', () => {
    it('starts as zeros, is read and written by name, and hands out copies', async () => {
      const graph = trace(() => ({ y: scale(parameter('w', [2, 3]), 2) }));
      const state = backend().createState();
      expect([...state.tensors]).toEqual([]);
      const executable = await backend().compile(graph, { state });
      expect([...state.tensors]).toEqual([['w', { shape: [2, 3], dtype: 'f32' }]]);
      expect(await state.read('w')).toEqual(new Float32Array(6));
      const data = Float32Array.of(1, 2, 3, 4, 5, 6);
      await state.write('w', data);
      data.fill(9);
      (await state.read('w')).fill(8);
      expect(await state.read('w')).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6));
      const { y } = await executable.run({});
      y!.fill(7);
      expect((await executable.run({})).y).toEqual(Float32Array.of(2, 4, 6, 8, 10, 12));
    });

    it('accumulates over runs and clears', async () => {
      const state = backend().createState();
      const adding = trace(() => {
        accumulate(persistent('total', [3], 'accumulator'), input('x', [3]));
        return {};
      });
      const clearing = trace(() => ({ total: clear(persistent('total', [3], 'accumulator')) }));
      const add3 = await backend().compile(adding, { state });
      const reset = await backend().compile(clearing, { state });
      await add3.run({ x: Float32Array.of(1, 2, 3) });
      await add3.run({ x: Float32Array.of(10, 20, 30) });
      expect(await state.read('total')).toEqual(Float32Array.of(11, 22, 33));
      expect((await reset.run({})).total).toEqual(new Float32Array(3));
      await add3.run({ x: Float32Array.of(5, 6, 7) });
      expect(await state.read('total')).toEqual(Float32Array.of(5, 6, 7));
    });

    it('runs updates in the order in which they were traced', async () => {
      const graph = trace(() => {
        const total = persistent('total', [2], 'accumulator');
        const x = input('x', [2]);
        const before = scale(total, 1);
        const after = scale(accumulate(total, x), 1);
        const view = reshape(accumulate(total, x), [2, 1]);
        return inStage('update', () => ({ before, after, view }));
      });
      const executable = await backend().compile(graph, { state: backend().createState() });
      const results = await executable.run({ x: Float32Array.of(1, 2) });
      expect(results.before).toEqual(Float32Array.of(0, 0));
      expect(results.after).toEqual(Float32Array.of(1, 2));
      expect(results.view).toEqual(Float32Array.of(2, 4));
    });

    it('is shared by executables of different shapes', async () => {
      const shapes = [
        { batch: 2, sequence: 5 },
        { batch: 3, sequence: 4 },
      ].map((shape) => ({ ...shape, estimator: dense(), finish: 'adamw' }) as const);
      const reference = createReferenceBackend({ precision: 'f64' });
      const graphs = shapes.map(encoderStep);
      const state = backend().createState();
      const wanted = reference.createState();
      const executables = [];
      for (const graph of graphs)
        executables.push({
          actual: await backend().compile(graph, { state }),
          wanted: await reference.compile(graph, { state: wanted }),
        });
      for (const [name, data] of Object.entries(encoderParameters(graphs[0]!))) {
        await state.write(name, data);
        await wanted.write(name, data);
      }
      for (const [step, which] of [0, 1, 1, 0].entries()) {
        const inputs = encoderInputs(shapes[which]!, step);
        await executables[which]!.actual.run(inputs);
        await executables[which]!.wanted.run(inputs);
      }
      for (const { actual } of executables)
        expectTouched(context, {
          plan: actual.plan,
          measuredPeakBytes: actual.measuredPeakBytes(),
        });
      for (const name of wanted.tensors.keys())
        expectClose(
          name,
          await state.read(name),
          await wanted.readFloat64(name),
          tolerances.training!,
        );
    });

    it('returns inputs, constants, parameters and views of them', async () => {
      const graph = trace(() => {
        const x = input('x', [2, 2]);
        const n = input('n', [2], 'i32');
        const w = parameter('w', [4]);
        return {
          x,
          n,
          w,
          c: constant(Float32Array.of(7, 8)),
          xView: reshape(x, [4]),
          wView: reshape(w, [2, 2]),
          nView: reshape(n, [1, 2]),
        };
      });
      const state = backend().createState();
      const executable = await backend().compile(graph, { state });
      await state.write('w', Float32Array.of(5, 6, 7, 8));
      const x = Float32Array.of(1, 2, 3, 4);
      const n = Int32Array.of(-1, 2 ** 31 - 1);
      const w = Float32Array.of(5, 6, 7, 8);
      expect(await executable.run({ x, n })).toEqual({
        x,
        n,
        w,
        c: Float32Array.of(7, 8),
        xView: x,
        wView: w,
        nView: n,
      });
    });
  });
};
