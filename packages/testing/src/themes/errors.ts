import {
  BackendError,
  crossEntropy,
  defineOp,
  gather,
  input,
  type OpBuilder,
  scale,
  scatterAdd,
  scope,
  trace,
  UsageError,
} from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { runOnce } from '../run.js';
import type { Theme } from './theme.js';

/** Defined when a test asks for it, so that it is not among the ops that need a kernel. */
let unknownOp: OpBuilder<Record<string, never>> | undefined;
const defineUnknownOp = () => {
  unknownOp ??= defineOp({
    name: 'conformanceUnknown',
    infer: ([x]) => [x!],
    vjp: 'none',
    flops: () => 0,
  });
  return unknownOp;
};

/** Whatever is wrong is said, by name, and does no harm. */
export const errorTheme: Theme = ({ backend }) => {
  const graph = () =>
    trace(() => ({
      y: scale(input('x', [2, 3]), 2),
      n: input('count', [2], 'i32'),
    }));
  const good = { x: new Float32Array(6).fill(1), count: Int32Array.of(1, 2) };

  describe('errors', () => {
    for (const [name, inputs, message] of [
      ['a missing input', { x: good.x }, /count/],
      ['an unknown input', { ...good, z: good.x }, /z/],
      ['too few numbers', { ...good, x: new Float32Array(5) }, /x.*5/],
      ['too many numbers', { ...good, x: new Float32Array(7) }, /x.*7/],
      ['integers for floats', { ...good, x: new Int32Array(6) }, /x/],
      ['floats for integers', { ...good, count: new Float32Array(2) }, /count/],
    ] as const)
      it(`rejects ${name}, and runs on`, async () => {
        const executable = await backend().compile(graph(), { state: backend().createState() });
        const refused = executable.run(inputs);
        await expect(refused).rejects.toBeInstanceOf(UsageError);
        await expect(refused).rejects.toThrow(message);
        expect((await executable.run(good)).y).toEqual(new Float32Array(6).fill(2));
        await executable.dispose();
      });

    it('rejects a run after dispose, and disposes twice', async () => {
      const executable = await backend().compile(graph(), { state: backend().createState() });
      await executable.run(good);
      await executable.dispose();
      await executable.dispose();
      await expect(executable.run(good)).rejects.toBeInstanceOf(UsageError);
    });

    it('names an op that it has no kernel for', async () => {
      const unknown = trace(() => ({ y: defineUnknownOp()([input('x', [1])], {})[0]! }));
      const refused = backend().compile(unknown, { state: backend().createState() });
      await expect(refused).rejects.toBeInstanceOf(BackendError);
      await expect(refused).rejects.toThrow(/conformanceUnknown/);
    });

    const outOfRange = {
      gather: trace(() => ({
        y: scope('model.embeddings', () => gather(input('table', [4, 3]), input('at', [3], 'i32'))),
      })),
      scatterAdd: trace(() => ({
        y: scope('model.embeddings', () =>
          scatterAdd(input('table', [3, 3]), input('at', [3], 'i32'), 4),
        ),
      })),
      crossEntropy: trace(() => ({
        y: scope(
          'model.embeddings',
          () => crossEntropy(input('table', [3, 4]), input('at', [3], 'i32'))[0],
        ),
      })),
    };
    for (const [op, program] of Object.entries(outOfRange))
      for (const bad of [-1, 4, 2 ** 31 - 1, -(2 ** 31)])
        it(`${op} fails for index ${bad} of 4 and says where, and runs on`, async () => {
          const count = program.inputs.find(({ name }) => name === 'table')!.value.shape;
          const table = new Float32Array(count[0]! * count[1]!).fill(0.5);
          const executable = await backend().compile(program, { state: backend().createState() });
          const refused = executable.run({ table, at: Int32Array.of(0, 3, bad) });
          await expect(refused).rejects.toBeInstanceOf(BackendError);
          await expect(refused).rejects.toThrow(op);
          await expect(refused).rejects.toThrow('model.embeddings');
          await expect(refused).rejects.toThrow(String(bad));
          const inputs = { table, at: Int32Array.of(0, 3, 1) };
          const wanted = await runOnce(backend(), program, { inputs });
          expect(await executable.run(inputs)).toEqual(wanted.outputs);
          await executable.dispose();
        });
  });
};
