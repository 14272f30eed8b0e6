import {
  BackendError,
  crossEntropy,
  defineOp,
  type Graph,
  gather,
  input,
  newKey,
  type OpBuilder,
  quantize,
  rankRows,
  roundingVariance,
  ShapeError,
  sampleRows,
  scale,
  scatterAdd,
  scope,
  sparseMatmul,
  sparseMatrix,
  type TensorData,
  trace,
  UsageError,
  winnerRows,
} from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { runOnce } from '../run.js';
import type { Theme } from './theme.js';

type Inputs = Readonly<Record<string, TensorData>>;

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
    for (const [name, inputs, message, kind] of [
      ['a missing input', { x: good.x }, /count/, UsageError],
      ['an unknown input', { ...good, z: good.x }, /z/, UsageError],
      ['too few numbers', { ...good, x: new Float32Array(5) }, /x.*5/, ShapeError],
      ['too many numbers', { ...good, x: new Float32Array(7) }, /x.*7/, ShapeError],
      ['integers for floats', { ...good, x: new Int32Array(6) }, /x/, UsageError],
      ['floats for integers', { ...good, count: new Float32Array(2) }, /count/, UsageError],
      ['doubles for floats', { ...good, x: new Float64Array(6) }, /x/, UsageError],
      ['a text for floats', { ...good, x: '123456' }, /x.*'123456'/, UsageError],
      ['an array for integers', { ...good, count: [1, 2] }, /count.*array of 2/, UsageError],
      ['null for floats', { ...good, x: null }, /x.*null/, UsageError],
      ['no inputs', null, /inputs by name.*null/, UsageError],
    ] as const)
      it(`rejects ${name}, and runs on`, async () => {
        const executable = await backend().compile(graph(), { state: backend().createState() });
        const refused = executable.run(inputs as Inputs);
        await expect(refused).rejects.toBeInstanceOf(kind);
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

    for (const wrong of [undefined, null, 3, 'graph', {}, []])
      it(`rejects ${JSON.stringify(wrong)} for a graph, a state and options`, async () => {
        // biome-ignore lint/suspicious/noExplicitAny: what callers without types can do
        const untyped = backend() as any;
        expect(() => untyped.plan(wrong)).toThrow(UsageError);
        for (const [what, options] of [
          [wrong, { state: untyped.createState() }],
          [graph(), { state: wrong }],
          [graph(), wrong],
        ])
          await expect(untyped.compile(what, options)).rejects.toBeInstanceOf(UsageError);
      });

    it('rejects outputs that are none, and a list of them that is none', async () => {
      const executable = await backend().compile(graph(), { state: backend().createState() });
      for (const [read, message] of [
        [['y', 'z'], /no output 'z'.*there are: y, n/],
        [['constructor'], /no output 'constructor'/],
        ['y', /read must be an array/],
      ] as const) {
        const refused = executable.run(good, { read: read as never });
        await expect(refused).rejects.toBeInstanceOf(UsageError);
        await expect(refused).rejects.toThrow(message);
      }
      const misspelt = executable.run(good, { reads: ['y'] } as never);
      await expect(misspelt).rejects.toThrow(/reads/);
      await executable.dispose();
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

    for (const [op, draw] of Object.entries({ sampleRows, winnerRows }))
      for (const bad of [Number.NaN, -1, Number.POSITIVE_INFINITY])
        it(`${op} fails for a weight of ${bad} and says where, and runs on`, async () => {
          const program = trace(() => {
            const key = newKey(input('key', [2], 'i32'));
            const weights = input('weights', [3]);
            const [y, factors] = scope('model.layer', () => draw(weights, { count: 2, key }));
            return { y, factors };
          });
          const executable = await backend().compile(program, { state: backend().createState() });
          const key = Int32Array.of(1, 2);
          const refused = executable.run({ key, weights: Float32Array.of(1, 2, bad) });
          await expect(refused).rejects.toBeInstanceOf(BackendError);
          await expect(refused).rejects.toThrow(
            `model.layer: weight ${bad} at position 2 is not a finite number ≥ 0`,
          );
          const inputs = { key, weights: Float32Array.of(1, 2, 0) };
          const wanted = await runOnce(backend(), program, { inputs });
          expect(await executable.run(inputs)).toEqual(wanted.outputs);
          await executable.dispose();
        });

    describe('of what is quantized', () => {
      const settings = { bits: 2, group: 2 } as const;
      const program = trace(() =>
        scope('model.layer', () => {
          const [x, ranks] = [input('x', [3, 4]), input('ranks', [3], 'i32')];
          const key = newKey(input('key', [2], 'i32'));
          const [codes, ranges] = quantize(x, { ...settings, key, ranks });
          return { codes, ranges };
        }),
      );
      const measured = trace(() =>
        scope('model.layer', () => ({ y: roundingVariance(input('x', [3, 4]), settings) })),
      );
      const right = {
        x: Float32Array.from({ length: 12 }, (_, i) => i),
        ranks: Int32Array.of(2, 0, 1),
        key: Int32Array.of(1, 2),
      };
      const refuse = async (graph: Graph, wrong: Inputs, good: Inputs, message: RegExp) => {
        const executable = await backend().compile(graph, { state: backend().createState() });
        const refused = executable.run(wrong);
        await expect(refused).rejects.toBeInstanceOf(BackendError);
        await expect(refused).rejects.toThrow(message);
        const wanted = await runOnce(backend(), graph, { inputs: good });
        expect(await executable.run(good)).toEqual(wanted.outputs);
        await executable.dispose();
      };

      for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, -3.402e38])
        it(`a value of ${bad} has no range, which is said, and runs on`, async () => {
          const x = right.x.with(6, bad);
          const { x: good } = right;
          const where = /in model\.layer: .*(position 6|row 1) is not finite and/;
          await refuse(program, { ...right, x }, right, where);
          await refuse(measured, { x }, { x: good }, where);
        });

      it('a rank that is none is refused', async () => {
        const ranks = Int32Array.of(0, 1, 3);
        await refuse(
          program,
          { ...right, ranks },
          right,
          /rank 3 at position 2 is outside \[0, 3\)/,
        );
      });

      it('a priority that is no number is refused', async () => {
        const graph = trace(() =>
          scope('model.layer', () => ({ y: rankRows(input('priorities', [3])) })),
        );
        const given = (last: number) => ({ priorities: Float32Array.of(1, 2, last) });
        const where = /model\.layer: priority NaN at position 2 is not a number/;
        await refuse(graph, given(Number.NaN), given(0), where);
      });
    });

    describe('of sparse matrices', () => {
      const program = trace(() => {
        const rowPointers = input('pointers', [4], 'i32');
        const columnIndices = input('indices', [3], 'i32');
        const parts = { rows: 3, columns: 3, rowPointers, columnIndices };
        const x = input('x', [3, 5]);
        return {
          y: scope('model.graph', () => sparseMatmul(sparseMatrix(parts, 'symmetric'), x)),
        };
      });
      const right = { pointers: [0, 1, 1, 3], indices: [2, 0, 1] };
      for (const [what, wrong, message] of [
        ['pointers that do not begin at 0', { pointers: [1, 1, 2, 3] }, /row pointer 1/],
        ['pointers that fall', { pointers: [0, 2, 1, 3] }, /row pointer 1 at position 2/],
        ['pointers that pass the end', { pointers: [0, 1, 4, 3] }, /row pointer 4 at position 2/],
        ['pointers past the entries', { pointers: [0, 1, 1, 4] }, /rise from 0 to at most 3/],
        ['a negative pointer', { pointers: [0, -1, 1, 3] }, /row pointer -1/],
        ['a column too far', { indices: [2, 3, 1] }, /column index 3 at position 1/],
        ['a negative column', { indices: [2, 0, -5] }, /column index -5 at position 2/],
      ] as const)
        it(`sparseMatmul fails for ${what} and says where, and runs on`, async () => {
          const given = ({
            pointers,
            indices,
          }: {
            pointers: readonly number[];
            indices: readonly number[];
          }) => ({
            pointers: Int32Array.from(pointers),
            indices: Int32Array.from(indices),
            x: Float32Array.from({ length: 15 }, (_, i) => i),
          });
          const executable = await backend().compile(program, { state: backend().createState() });
          const refused = executable.run(given({ ...right, ...wrong }));
          await expect(refused).rejects.toBeInstanceOf(BackendError);
          await expect(refused).rejects.toThrow(message);
          await expect(refused).rejects.toThrow('sparseMatmul in model.graph');
          const { y } = await executable.run(given(right));
          expect([...y!]).toEqual([10, 11, 12, 13, 14, 0, 0, 0, 0, 0, 5, 7, 9, 11, 13]);
          await executable.dispose();
        });
    });
  });
};
