import { BackendError, scope, type TensorData, trace } from '@sketchgrad/core';
import { describe, expect, it } from 'vitest';
import { attentionAt, zeroRowsBehindAt } from '../cases/attention.js';
import { batchBefore } from '../cases/batch.js';
import { binaryCrossEntropyBefore } from '../cases/binary-cross-entropy.js';
import { exampleGradientNormsAt } from '../cases/example-gradients.js';
import { lossesBefore } from '../cases/row-wise.js';
import { expectSameBits } from '../compare.js';
import { runOnce } from '../run.js';
import { buildCase, givenTo } from './compared.js';
import type { Theme } from './theme.js';

const LENGTHS = [9, 0, 4];
const SPARE = 3;
const ROWS = 16;

const CASES = [
  ...attentionAt({ lengths: LENGTHS, spare: SPARE, masked: 5, heads: 2, size: 5, rate: 0.2 }),
  zeroRowsBehindAt([ROWS, 10, SPARE]),
  ...batchBefore([ROWS, 5, SPARE]),
  ...lossesBefore([ROWS, 5, SPARE]),
  ...binaryCrossEntropyBefore([ROWS, 5], SPARE),
  exampleGradientNormsAt({ lengths: LENGTHS, features: 6, outputs: 5, spare: SPARE }),
];

/** Numbers of each of the inputs that have a row for each token. */
const overwriteSpare = (inputs: Readonly<Record<string, TensorData>>) =>
  Object.fromEntries(
    Object.entries(inputs).map(([name, data]) => {
      if (name === 'labels') return [name, data.slice().fill(99, ROWS - SPARE)];
      if (name === 'mask') return [name, data.map((open, row) => (row < ROWS - SPARE ? open : 7))];
      const perRow = data.length / ROWS;
      if (!(data instanceof Float32Array) || !Number.isInteger(perRow)) return [name, data];
      return [name, data.slice().fill(Number.NaN, (ROWS - SPARE) * perRow)];
    }),
  );

/** How many rows must be somebody's, of ops that take a mean over them. */
const leastOf = (op: string): number =>
  op.startsWith('batchNormalize') ? 2 : op.includes('ntropy') ? 1 : 0;

/** Sequences that lie one behind the other, told by where they begin. */
export const sequenceTheme: Theme = ({ backend }) => {
  describe('packed sequences', () => {
    for (const test of CASES) {
      it(`${test.op}: what lies behind the last one changes no bit`, async () => {
        const graph = trace(() => buildCase(test));
        const { inputs } = givenTo(test);
        const garbage = overwriteSpare(inputs);
        const numbers = Object.keys(inputs).filter((name) => garbage[name] !== inputs[name]);
        expect(numbers).toContain(Object.keys(test.inputs)[0]);
        const wanted = await runOnce(backend(), graph, { inputs });
        const actual = await runOnce(backend(), graph, { inputs: garbage });
        for (const [name, data] of Object.entries(wanted.outputs))
          expectSameBits(name, actual.outputs[name]!, data);
      });

      it(`${test.op} fails for starts that are wrong and says where, and runs on`, async () => {
        const graph = trace(() => scope('model.layer', () => buildCase(test)));
        const { inputs } = givenTo(test);
        const right = [...inputs.starts!];
        const last = right.length - 1;
        const each = test.op.startsWith('attention') ? ', at most 9 each' : '';
        const least = leastOf(test.op);
        const enough = least > 0 ? `, the last one to at least ${least}` : '';
        const changes: [at: number, start: number][] = [
          [0, 1],
          [0, -1],
          [1, -1],
          [1, 17],
          [last, right[last - 1]! - 1],
          [last, ROWS + 1],
          [last, 2 ** 31 - 1],
          [last, -(2 ** 31)],
          ...(each ? ([[1, 10]] as [number, number][]) : []),
        ];
        const wrong = changes.map(([at, start]) => ({ at, starts: right.with(at, start) }));
        if (least > 0)
          wrong.push({ at: last, starts: right.map((_, at) => (at === last ? least - 1 : 0)) });
        const executable = await backend().compile(graph, { state: backend().createState() });
        for (const { at, starts } of wrong) {
          const refused = executable.run({ ...inputs, starts: Int32Array.from(starts) });
          await expect(refused).rejects.toBeInstanceOf(BackendError);
          await expect(refused).rejects.toThrow(
            `in model.layer: start ${starts[at]} at position ${at} is wrong: they must rise from 0 to at most ${ROWS}${each}${enough}`,
          );
        }
        const wanted = await runOnce(backend(), graph, { inputs });
        expect(await executable.run(inputs)).toEqual(wanted.outputs);
        await executable.dispose();
      });
    }
  });
};
