import {
  attention,
  attentionPooling,
  constant,
  count,
  dct,
  dft,
  dropout,
  type Graph,
  gaussian,
  hadamard,
  input,
  newKey,
  permutation,
  rademacher,
  sketch,
  type TensorData,
  trace,
} from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { KINDS } from '../cases/sketches.js';
import { expectSameBits } from '../compare.js';
import { identity, keyOf, maskOf, startsOf } from '../data.js';
import { onReference, runOnce } from '../run.js';
import { expectAlike } from './compared.js';
import type { Theme } from './theme.js';

/** Streams that are taken before the one under test. */
const STREAMS = [0, 3];

const KEYS = [keyOf(0, 0), keyOf(-1, -1), keyOf(123456789, 42), keyOf(-7, 2 ** 31 - 1)];

/** Random bits are the reference's own. */
export const randomnessTheme: Theme = (context) => {
  const both = async (graph: Graph, inputs: Record<string, TensorData>) => {
    const { executable } = await onReference(graph, 'f32');
    const wanted = await executable.run(inputs);
    const { outputs } = await runOnce(context.backend(), graph, { inputs });
    return { wanted: wanted.y!, actual: outputs.y! };
  };

  describe('random bits', () => {
    for (const kind of KINDS)
      for (const [n, rows] of [
        [1, 1],
        [5, 3],
        [6, 32],
        [63, 2],
        [64, 7],
        [65, 5],
        [131, 40],
        [320, 9],
      ] as const)
        it(`a ${kind} sketch of ${n} rows to ${rows} is the reference's to the bit`, async () => {
          for (const stream of STREAMS) {
            const graph = trace(() => {
              const key = input('key', [2], 'i32');
              for (let i = 0; i < stream; i++) newKey(key);
              return { y: sketch(input('x', [n, n]), { kind, rows, key: newKey(key) }) };
            });
            for (const key of KEYS) {
              const x = identity(n).draw(0);
              const { wanted, actual } = await both(graph, { x, key: key.draw(0) });
              expectAlike(context, `Sᵀ of stream ${stream}`, actual, wanted);
            }
          }
        });

    const permutedSketches = {
      'a gaussian sketch in blocks': gaussian({ blockRows: 20 }),
      'a rademacher sketch in blocks': rademacher({ blockRows: 70 }),
      'a balanced count-sketch': count(),
      'a count-sketch of drawn bins': count({ balanced: false }),
      'a count-sketch of drawn bins in blocks': count({ balanced: false, blockRows: 20 }),
    };
    for (const [name, { apply }] of Object.entries(permutedSketches))
      for (const [n, rows] of [
        [5, 3],
        [65, 7],
        [131, 40],
      ] as const)
        it(`${name} of ${n} rows to ${rows} is the reference's to the bit`, async () => {
          const graph = trace(() => {
            const key = newKey(input('key', [2], 'i32'));
            return { y: apply(input('x', [n, n]), key, rows) };
          });
          for (const key of KEYS) {
            const x = identity(n).draw(0);
            const { wanted, actual } = await both(graph, { x, key: key.draw(0) });
            expectAlike(context, 'Sᵀ', plusZero(actual), plusZero(wanted));
          }
        });

    it("a permutation is the reference's, whatever its length", async () => {
      for (const [rows, segments] of [
        [1, 1],
        [9, 3],
        [1000, 1],
      ] as const) {
        const graph = trace(() => {
          const key = newKey(input('key', [2], 'i32'));
          return { y: permutation(rows, key, { segments }) };
        });
        for (const key of KEYS) {
          const { wanted, actual } = await both(graph, { key: key.draw(0) });
          expectSameBits('order', actual, wanted);
        }
      }
    });

    it("a transform takes the reference's rows under the reference's signs", async () => {
      // Entries of Hadamard's basis differ in sign alone, so that a row or a sign that is another
      // shows; rows of a DCT differ everywhere.
      for (const transform of [hadamard, dct, dft])
        for (const options of [{}, { replacement: true }, { blockRows: 20 }]) {
          const graph = trace(() => {
            const key = newKey(input('key', [2], 'i32'));
            return { y: transform(options).apply(input('x', [65, 65]), key, 9) };
          });
          for (const key of KEYS) {
            const x = identity(65).draw(0);
            const { wanted, actual } = await both(graph, { x, key: key.draw(0) });
            wanted.forEach((want, at) => {
              expect(Math.abs(actual[at]! - want)).toBeLessThan(1e-6);
            });
          }
        }
    });

    for (const rate of [0.1, 0.5, 0.999])
      it(`dropout at rate ${rate} drops what the reference drops`, async () => {
        const graph = trace(() => {
          const key = input('key', [2], 'i32');
          newKey(key);
          return { y: dropout(input('x', [37, 29]), { rate, key: newKey(key) }) };
        });
        for (const key of KEYS) {
          const x = new Float32Array(37 * 29).fill(1);
          const { wanted, actual } = await both(graph, { x, key: key.draw(0) });
          expect(zeros(actual)).toEqual(zeros(wanted));
          expect(zeros(actual).length).toBeGreaterThan(0);
        }
      });

    // Queries and keys of 0 attend to all alike; value j is the unit vector j, so that element j of a
    // context is the probability's factor.
    const [heads, size] = [3, 11];
    const [lengths, spare] = [[11, 0, 7, 1, 10], 2];
    const [width, rows, longest] = [heads * size, 31, size];
    const attended = () => {
      const key = newKey(input('key', [2], 'i32'));
      const starts = input('starts', [lengths.length + 1], 'i32');
      const mask = input('mask', [rows], 'i32');
      return { starts, mask, options: { heads, longest, rate: 0.4, key } };
    };
    const given = (columns: number) => {
      const x = new Float32Array(rows * columns);
      const starts = startsOf(lengths).draw(0);
      for (const [e, length] of lengths.entries())
        for (let j = 0; j < length; j++)
          for (let head = 0; head < heads; head++)
            x[(starts[e]! + j + 1) * columns - width + head * size + j] = 1;
      return { x, starts, mask: maskOf(lengths, { spare }).draw(0) };
    };
    for (const [name, columns, build] of [
      [
        'attention',
        3 * width,
        () => {
          const { starts, mask, options } = attended();
          return attention(input('x', [rows, 3 * width]), starts, mask, options);
        },
      ],
      [
        'attentionPooling',
        2 * width,
        () => {
          const { starts, mask, options } = attended();
          const shape = [lengths.length, width];
          const queries = constant(new Float32Array(lengths.length * width), shape);
          const x = input('x', [rows, 2 * width]);
          return attentionPooling(queries, x, starts, mask, options);
        },
      ],
    ] as const)
      it(`${name} drops what the reference drops`, async () => {
        const graph = trace(() => ({ y: build() }));
        for (const key of KEYS) {
          const { wanted, actual } = await both(graph, { ...given(columns), key: key.draw(0) });
          expect(zeros(actual)).toEqual(zeros(wanted));
          expect(zeros(actual).length).toBeGreaterThan(0);
        }
      });
  });
};

/** −0 as 0: a product with a zero may be either. */
const plusZero = (data: TensorData): TensorData => data.map((value) => value + 0);

const zeros = (data: TensorData): number[] =>
  [...data.keys()].filter((position) => data[position] === 0);
