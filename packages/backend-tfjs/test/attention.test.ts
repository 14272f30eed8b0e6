import {
  type AttentionAttributes,
  attention,
  attentionGradient,
  attentionPooling,
  attentionPoolingGradient,
  type Graph,
  input,
  newKey,
  type TensorData,
  threefry2x32,
  trace,
} from '@sketchgrad/core';
import { createReferenceBackend } from '@sketchgrad/core/reference';
import { engine } from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { createBackend } from '../src/index.js';
import { perTile } from '../src/lowerings/packed/tiles.js';
import { mostBytes } from './support/most-bytes.js';

const numbers = (count: number, seed: number) =>
  Float32Array.from({ length: count }, (_, i) => threefry2x32(seed, 0, 0, i)[0] / 2 ** 31 - 1);

interface Case {
  readonly heads: number;
  readonly size: number;
  readonly lengths: readonly number[];
  readonly spare: number;
  readonly rate: number;
}

const startsOf = (lengths: readonly number[]) =>
  Int32Array.from([0, ...lengths.map((_, at) => lengths.slice(0, at + 1).reduce((a, b) => a + b))]);

/** Attention and its gradient, and attention of one query each and its gradient. */
function graphsOf({ heads, size, lengths, spare, rate }: Case): Record<string, Graph> {
  const features = heads * size;
  const rows = startsOf(lengths).at(-1)! + spare;
  const longest = Math.max(...lengths);
  const common = () => {
    const starts = input('starts', [lengths.length + 1], 'i32');
    const mask = input('mask', [rows], 'i32');
    const key = newKey(input('key', [2], 'i32'));
    const threshold = Math.round(rate * 65536);
    const attributes: AttentionAttributes = { heads, longest, threshold, stream: key.stream };
    return { starts, mask, key, options: { heads, longest, rate, key }, attributes };
  };
  return {
    attention: trace(() => {
      const { starts, mask, options } = common();
      return { y: attention(input('x', [rows, 3 * features]), starts, mask, options) };
    }),
    attentionGradient: trace(() => {
      const { starts, mask, key, attributes } = common();
      const x = input('x', [rows, 3 * features]);
      const [sums, dy] = [input('sums', [heads, rows]), input('dy', [rows, features])];
      return { y: attentionGradient([x, starts, mask, key.value, sums, dy], attributes) };
    }),
    attentionPooling: trace(() => {
      const { starts, mask, options } = common();
      const queries = input('queries', [lengths.length, features]);
      return {
        y: attentionPooling(queries, input('x', [rows, 2 * features]), starts, mask, options),
      };
    }),
    attentionPoolingGradient: trace(() => {
      const { starts, mask, key, attributes } = common();
      const queries = input('queries', [lengths.length, features]);
      const x = input('x', [rows, 2 * features]);
      const kept = input('kept', [heads, rows]);
      const dy = input('dy', [lengths.length, features]);
      const given = [queries, x, starts, mask, key.value, kept, dy] as const;
      const [y, z] = attentionPoolingGradient(given, attributes);
      return { y, z };
    }),
  };
}

function inputsOf(graph: Graph, { lengths }: Case): Record<string, TensorData> {
  return Object.fromEntries(
    graph.inputs.map(({ name, value }, seed) => {
      const count = value.shape.reduce((n, one) => n * one, 1);
      if (name === 'starts') return [name, startsOf(lengths)];
      if (name === 'key') return [name, Int32Array.of(7, 8)];
      if (name === 'mask')
        return [name, Int32Array.from({ length: count }, (_, i) => +(i % 5 > 0))];
      return [name, numbers(count, seed)];
    }),
  );
}

const SEVERAL: Case = { heads: 4, size: 2, lengths: [300, 520, 0, 512, 400], spare: 3, rate: 0.1 };

describe('attention in several tiles', () => {
  it('is what these sizes make of it', () => {
    expect(perTile(SEVERAL.lengths.length, SEVERAL.heads * 520 ** 2)).toBe(1);
    expect(perTile(3, 4 * 500 ** 2)).toBe(2);
  });

  for (const [name, graph] of Object.entries(graphsOf(SEVERAL)))
    it(`${name} gives the reference's numbers`, async () => {
      const inputs = inputsOf(graph, SEVERAL);
      const reference = createReferenceBackend();
      const wanted = await (await reference.compile(graph, { state: reference.createState() })).run(
        inputs,
      );
      const backend = await createBackend({ platform: 'wasm' });
      const executable = await backend.compile(graph, { state: backend.createState() });
      const outputs = await executable.run(inputs);
      for (const [output, numbers] of Object.entries(wanted)) {
        const largest = Math.max(...Array.from(numbers, Math.abs));
        for (const [at, want] of numbers.entries())
          if (Math.abs(outputs[output]![at]! - want) > 1e-5 * largest)
            expect.fail(`${output}[${at}] is ${outputs[output]![at]}, should be ${want}`);
      }
      await backend.dispose();
    });
});

describe('attention of sequences that are as long as may be', () => {
  const cases: Record<string, Case> = {
    'in one tile': { heads: 2, size: 3, lengths: [7, 7, 7], spare: 2, rate: 0 },
    'in one tile, with dropout': { heads: 3, size: 4, lengths: [6, 6], spare: 0, rate: 0.2 },
    'of one row': { heads: 2, size: 4, lengths: [1, 1, 1, 1], spare: 0, rate: 0.2 },
    'in two tiles': { heads: 4, size: 2, lengths: [500, 500, 500], spare: 0, rate: 0.2 },
  };
  const all = (['cpu', 'wasm'] as const).flatMap((platform) =>
    Object.entries(cases).map(([what, test]) => ({ platform, what, test })),
  );
  for (const { platform, what, test } of all)
    for (const [name, graph] of Object.entries(graphsOf(test)))
      it(`${name} ${what} takes what is planned on ${platform}`, async () => {
        const inputs = inputsOf(graph, test);
        const backend = await createBackend({ platform });
        const executable = await backend.compile(graph, { state: backend.createState() });
        const before = engine().memory().numBytes;
        const most = await mostBytes(() => executable.run(inputs));
        expect(most - before).toBe(executable.plan.largestLiveBytes);
        expect(executable.measuredPeakBytes()).toBe(executable.plan.largestLiveBytes);
        await backend.dispose();
      });
});
