import {
  add,
  type Backend,
  type Graph,
  input,
  parameter,
  persistent,
  ShapeError,
  scale,
  type TensorType,
  trace,
  UsageError,
} from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { expectTouched } from './compared.js';
import type { Theme } from './theme.js';

const f32 = (...shape: number[]): TensorType => ({ shape, dtype: 'f32' });
const i32 = (...shape: number[]): TensorType => ({ shape, dtype: 'i32' });
const doubled = (size = 2): Graph => trace(() => ({ y: scale(parameter('w', [size]), 2) }));

/** What a caller may rely on of states and runs: whose they are, in which order, until when. */
export const deviceTheme: Theme = (context) => {
  const { backend, create, capabilities } = context;
  const withAnother = async (use: (other: Backend) => Promise<void>) => {
    const other = await create();
    try {
      await use(other);
    } finally {
      await other.dispose();
    }
  };

  describe('a device state', () => {
    it('is allocated before any graph is compiled, and keeps what is there', async () => {
      const state = backend().createState();
      await state.allocate({ w: f32(2), places: i32(2, 2) });
      expect([...state.tensors]).toEqual([
        ['w', f32(2)],
        ['places', i32(2, 2)],
      ]);
      expect(await state.read('places')).toEqual(new Int32Array(4));
      await state.write('w', Float32Array.of(1, 2));
      await state.write('places', Int32Array.of(1, -1, 2 ** 31 - 1, -(2 ** 31)));
      await state.allocate({ w: f32(2), v: f32() });
      expect(await state.read('w')).toEqual(Float32Array.of(1, 2));
      expect(await state.read('places')).toEqual(Int32Array.of(1, -1, 2 ** 31 - 1, -(2 ** 31)));
      const executable = await backend().compile(doubled(), { state });
      expect(await executable.run({})).toEqual({ y: Float32Array.of(2, 4) });
      await executable.dispose();
      await state.dispose();
    });

    it('is read and written in part', async () => {
      const state = backend().createState();
      await state.allocate({ w: f32(3, 2), n: i32(4) });
      await state.write('w', Float32Array.of(1, 2, 3), { offset: 2 });
      expect(await state.read('w')).toEqual(Float32Array.of(0, 0, 1, 2, 3, 0));
      expect(await state.read('w', { offset: 3 })).toEqual(Float32Array.of(2, 3, 0));
      expect(await state.read('w', { offset: 2, count: 2 })).toEqual(Float32Array.of(1, 2));
      expect(await state.read('w', { count: 0 })).toEqual(new Float32Array(0));
      await state.write('n', Int32Array.of(7), { offset: 3 });
      expect(await state.read('n', { offset: 2 })).toEqual(Int32Array.of(0, 7));
      await state.dispose();
    });

    it('refuses names it does not hold, wrong counts, kinds, ranges and types', async () => {
      const state = backend().createState();
      await state.allocate({ w: f32(2), n: i32(2) });
      const floats = new Float32Array(2);
      for (const [refused, kind, message] of [
        [state.read('v'), UsageError, /no tensor 'v'.*it has w, n/],
        [state.write('v', floats), UsageError, /no tensor 'v'/],
        [state.write('w', new Float32Array(3)), ShapeError, /'w' .*2 numbers, not 3/],
        [state.write('w', new Int32Array(2)), UsageError, /'w' is f32 \[2\].*Float32Array/],
        [state.write('n', floats), UsageError, /'n' is i32 \[2\].*Int32Array/],
        [state.write('w', floats, { offset: 1 }), ShapeError, /'w' has 2 elements/],
        [state.write('w', floats, { at: 1 } as never), UsageError, /at/],
        [state.read('w', { offset: 3 }), ShapeError, /'w' has 2 elements/],
        [state.read('w', { count: 3 }), ShapeError, /'w' has 2 elements/],
        [state.read('w', { offset: 0.5 }), ShapeError, /0.5/],
        [state.read('w', { offset: -1 }), ShapeError, /-1/],
        [state.allocate({ w: f32(3) }), ShapeError, /'w' is f32 \[2\].*f32 \[3\]/],
        [state.allocate({ w: i32(2) }), ShapeError, /'w' is f32 \[2\].*i32 \[2\]/],
        [state.allocate({ u: { shape: [2], dtype: 'f16' as 'f32' } }), UsageError, /f16/],
        [state.allocate(null as never), UsageError, /null/],
        [backend().compile(doubled(3), { state }), ShapeError, /'w' is f32 \[2\]/],
      ] as const) {
        await expect(refused).rejects.toBeInstanceOf(kind);
        await expect(refused).rejects.toThrow(message);
      }
      for (const wrong of ['12', [1, 2], null, undefined, 2])
        await expect(state.write('w', wrong as never)).rejects.toBeInstanceOf(UsageError);
      for (const wrong of [undefined, null, 3, {}, Symbol('w')])
        await expect(state.read(wrong as string)).rejects.toBeInstanceOf(UsageError);
      expect(await state.read('w')).toEqual(new Float32Array(2));
      expect(() => backend().plan(doubled(3), state)).toThrow(ShapeError);
      expect([...state.tensors.keys()]).toEqual(['w', 'n']);
      await state.dispose();
    });

    it('belongs to the backend that made it', () =>
      withAnother(async (other) => {
        const foreign = other.createState();
        for (const refuse of [
          () => backend().compile(doubled(), { state: foreign }),
          async () => backend().plan(doubled(), foreign),
          () => backend().compile(doubled(), { state: {} as never }),
        ]) {
          await expect(refuse()).rejects.toBeInstanceOf(UsageError);
          await expect(refuse()).rejects.toThrow(/createState\(\)/);
        }
      }));

    it('is of no use once it is disposed of, nor are its executables', async () => {
      const state = backend().createState();
      const executable = await backend().compile(doubled(), { state });
      await state.dispose();
      await state.dispose();
      expect([...state.tensors]).toEqual([]);
      for (const refused of [
        state.read('w'),
        state.write('w', new Float32Array(2)),
        state.allocate({ w: f32(2) }),
        executable.run({}),
        backend().compile(doubled(), { state }),
      ]) {
        await expect(refused).rejects.toBeInstanceOf(UsageError);
        await expect(refused).rejects.toThrow(/state was disposed of/);
      }
      await executable.dispose();
    });

    it('leaves its memory to others', async () => {
      // Half of what there is each time, or, where that is not known, more than 4 GiB in all.
      const bytes = Math.min(backend().limits.memoryBytes / 2, 2 ** 28);
      const largest = Math.min(bytes, capabilities.bufferBytes ?? bytes);
      const tensors = Array.from({ length: Math.floor(bytes / largest) }, (_, i) => [
        `large ${i}`,
        f32(Math.floor(largest / 4)),
      ]);
      for (let round = 0; round < 17; round++) {
        const state = backend().createState();
        await state.allocate(Object.fromEntries(tensors));
        await state.dispose();
      }
    });

    it('is planned as compile plans it', async () => {
      const state = backend().createState();
      await state.allocate({ w: f32(2), other: f32(1000) });
      const planned = backend().plan(doubled(), state);
      const executable = await backend().compile(doubled(), { state });
      expect(planned.peakBytes).toBe(executable.plan.peakBytes);
      expect(backend().plan(doubled()).peakBytes).toBe(planned.peakBytes);
      await executable.dispose();
      await state.dispose();
    });
  });

  describe('a run', () => {
    const twice = () =>
      trace(() => ({ y: scale(input('x', [3]), 2), z: scale(input('v', [1]), 3) }));

    it('returns what is read, in that order, and nothing else', async () => {
      const executable = await backend().compile(twice(), { state: backend().createState() });
      const inputs = { x: Float32Array.of(1, 2, 3), v: Float32Array.of(5) };
      const z = Float32Array.of(15);
      const y = Float32Array.of(2, 4, 6);
      expect(await executable.run(inputs, { read: ['z'] })).toEqual({ z });
      expect(await executable.run(inputs, { read: [] })).toEqual({});
      expect(await executable.run(inputs, {})).toEqual({ y, z });
      await executable.dispose();
    });

    it('takes its inputs at the call, the first and those that wait', async () => {
      const executable = await backend().compile(twice(), { state: backend().createState() });
      const x = new Float32Array(3);
      const runs = [1, 2, 3].map((value) => {
        x.fill(value);
        const run = executable.run({ x, v: Float32Array.of(0) }, { read: ['y'] });
        x.fill(-9);
        return run;
      });
      for (const [at, { y }] of (await Promise.all(runs)).entries())
        expect(y).toEqual(new Float32Array(3).fill(2 * (at + 1)));
      await executable.dispose();
    });

    it('keeps its order with what is written and read', async () => {
      const state = backend().createState();
      const executable = await backend().compile(doubled(), { state });
      const data = Float32Array.of(1, 1);
      const first = state.write('w', data);
      data.fill(8);
      const one = executable.run({});
      data.fill(2);
      const second = state.write('w', data);
      data.fill(9);
      const read = state.read('w');
      const third = state.write('w', Float32Array.of(3, 3));
      const three = executable.run({});
      await Promise.all([first, second, third]);
      expect((await one).y).toEqual(Float32Array.of(2, 2));
      expect(await read).toEqual(Float32Array.of(2, 2));
      expect((await three).y).toEqual(Float32Array.of(6, 6));
      await executable.dispose();
      await state.dispose();
    });

    it('is kept apart from others that are started without waiting', async () => {
      const graph = trace(() => {
        const x = input('x', [4]);
        return { y: add(scale(x, 2), scale(x, 3)) };
      });
      const state = backend().createState();
      const executables = [
        await backend().compile(graph, { state }),
        await backend().compile(graph, { state }),
      ];
      const runs = Array.from({ length: 8 }, (_, i) =>
        executables[i % 2]!.run({ x: new Float32Array(4).fill(i) }),
      );
      for (const [i, { y }] of (await Promise.all(runs)).entries())
        expect(y).toEqual(new Float32Array(4).fill(5 * i));
    });

    it('reads data that stays on the device, whole numbers too', async () => {
      const graph = trace(() => {
        const x = persistent('features', [2], 'data');
        const n = persistent('places', [2], 'data', 'i32');
        return { y: scale(x, 2), n };
      });
      const state = backend().createState();
      const executable = await backend().compile(graph, { state });
      await state.write('features', Float32Array.of(1, 2));
      await state.write('places', Int32Array.of(3, 4));
      const wanted = { y: Float32Array.of(2, 4), n: Int32Array.of(3, 4) };
      expect(await executable.run({})).toEqual(wanted);
      expect(await executable.run({})).toEqual(wanted);
      const { plan } = executable;
      expectTouched(context, { plan, measuredPeakBytes: executable.measuredPeakBytes() });
      await executable.dispose();
      await state.dispose();
    });

    it('counts calls and time by op', async () => {
      const graph = trace(() => ({ y: scale(scale(input('x', [1]), 2), 3) }));
      const executable = await backend().compile(graph, { state: backend().createState() });
      await executable.run({ x: Float32Array.of(1) });
      await executable.run({ x: Float32Array.of(1) });
      const [time] = await executable.profile();
      expect(time).toMatchObject({ op: 'scale', calls: 4 });
      expect(time!.seconds).toBeGreaterThanOrEqual(0);
    });
  });

  describe('disposing', () => {
    const parts = ['backend', 'state', 'executable'] as const;
    const orders = parts.flatMap((a) =>
      parts.filter((b) => b !== a).map((b) => [a, b, ...parts.filter((c) => c !== a && c !== b)]),
    );
    for (const order of orders)
      it(`is done in any order: ${order.join(', ')}`, () =>
        withAnother(async (other) => {
          const state = other.createState();
          const executable = await other.compile(doubled(), { state });
          await executable.run({});
          const all = { backend: other, state, executable };
          for (const part of order) await all[part as keyof typeof all].dispose();
          await expect(executable.run({})).rejects.toBeInstanceOf(UsageError);
          await expect(state.read('w')).rejects.toBeInstanceOf(UsageError);
          expect(() => other.createState()).toThrow(UsageError);
        }));
  });
};
