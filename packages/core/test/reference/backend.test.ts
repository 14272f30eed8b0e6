import { describe, expect, it } from 'vitest';
import {
  attention,
  BackendError,
  crossEntropy,
  exponential,
  gather,
  input,
  newKey,
  PlanError,
  parameter,
  scale,
  scatterAdd,
  scope,
  trace,
  UsageError,
  type Value,
} from '../../src/index.js';
import { createReferenceBackend } from '../../src/reference/index.js';

const compile = async (build: () => Record<string, Value>, precision: 'f32' | 'f64' = 'f32') => {
  const backend = createReferenceBackend({ precision });
  const state = backend.createState();
  return { state, executable: await backend.compile(trace(build), { state }) };
};

const third = 1 / 3;

describe('precision', () => {
  const build = () => ({
    y: scale(exponential(input('x', [1])), 2),
    w: scale(parameter('w', [1]), 3),
  });

  it('f64 rounds nowhere', async () => {
    const { state, executable } = await compile(build, 'f64');
    await state.writeFloat64('w', Float64Array.of(third));
    const { y, w } = await executable.runFloat64({ x: Float64Array.of(third) });
    expect(y![0]).toBe(Math.exp(third) * 2);
    expect(w![0]).toBe(third * 3);
    expect((await state.readFloat64('w'))[0]).toBe(third);
    expect(await state.read('w')).toEqual(Float32Array.of(third));
    const rounded = await executable.run({ x: Float32Array.of(0.5) });
    expect(rounded.y).toEqual(Float32Array.of(Math.exp(0.5) * 2));
  });

  it('f32 rounds every tensor', async () => {
    const { state, executable } = await compile(build);
    await state.writeFloat64('w', Float64Array.of(third));
    const { y, w } = await executable.runFloat64({ x: Float64Array.of(third) });
    expect(y![0]).toBe(Math.fround(Math.exp(Math.fround(third))) * 2);
    expect(w![0]).toBe(Math.fround(Math.fround(third) * 3));
  });

  it('takes a state of its own', async () => {
    const state = createReferenceBackend({ precision: 'f64' }).createState();
    const refused = createReferenceBackend({ precision: 'f32' }).compile(trace(build), { state });
    await expect(refused).rejects.toBeInstanceOf(UsageError);
    await expect(refused).rejects.toThrow(/createState\(\) made/);
  });
});

describe('an index outside its range', () => {
  const at = Int32Array.of(0, 3, -2);
  const cases: Readonly<Record<string, readonly [() => Value, string]>> = {
    gather: [
      () => gather(input('x', [4, 1]), input('at', [3], 'i32')),
      'gather in words: index -2 at position 2 is outside [0, 4)',
    ],
    scatterAdd: [
      () => scatterAdd(input('x', [3, 1]), input('at', [3], 'i32'), 3),
      'scatterAdd in words: index 3 at position 1 is outside [0, 3)',
    ],
    crossEntropy: [
      () => crossEntropy(input('x', [3, 4]), input('at', [3], 'i32'))[0],
      'crossEntropy in words: label -2 at position 2 is outside [0, 4)',
    ],
  };
  for (const [op, [build, message]] of Object.entries(cases))
    it(`stops ${op}`, async () => {
      const { executable } = await compile(() => ({ y: scope('words', build) }));
      const count = executable.plan.schedule[0]!.inputs[0]!.shape.reduce((a, b) => a * b, 1);
      const refused = executable.run({ x: new Float32Array(count), at });
      await expect(refused).rejects.toThrow(new BackendError(message));
    });
});

it('gives a sequence of nothing but padding a context of zeros', async () => {
  const { executable } = await compile(() => ({
    y: attention(input('x', [3, 6]), input('starts', [2], 'i32'), input('mask', [3], 'i32'), {
      heads: 1,
      longest: 3,
      rate: 0,
      key: newKey(input('key', [2], 'i32')),
    }),
  }));
  const { y } = await executable.run({
    x: new Float32Array(18).fill(1),
    starts: Int32Array.of(0, 3),
    mask: new Int32Array(3),
    key: new Int32Array(2),
  });
  expect(y).toEqual(new Float32Array(6));
});

it('refuses an arena that is too large before it makes one', async () => {
  const refused = compile(() => ({ y: scale(input('x', [2 ** 20, 2 ** 12]), 2) }));
  await expect(refused).rejects.toBeInstanceOf(PlanError);
  await expect(refused).rejects.toMatchObject({ neededBytes: 2 ** 35, limitBytes: 2 ** 32 });
});

it('reports what it touched and how long ops took', async () => {
  const { executable } = await compile(() => ({ y: scale(scale(input('x', [3]), 2), 2) }));
  expect(executable.measuredPeakBytes()).toBe(0);
  await executable.run({ x: new Float32Array(3) });
  expect(executable.measuredPeakBytes()).toBe(executable.plan.peakBytes);
  expect(await executable.profile()).toMatchObject([{ op: 'scale', calls: 2 }]);
});
