import { expect, it } from 'vitest';
import {
  add,
  count,
  dropout,
  type Graph,
  input,
  matmul,
  mergeEqual,
  multiply,
  newKey,
  observe,
  permutation,
  persistent,
  squaredNorm,
  type TensorData,
  trace,
} from '../../src/index.js';
import { accumulate } from '../../src/ops/accumulate.js';
import { createReferenceBackend } from '../../src/reference/index.js';
import { draw } from '../support/draw.js';

const [ROWS, FEATURES] = [6, 4];
const inputs = {
  x: Float32Array.from(draw(ROWS * FEATURES, 1)),
  key: Int32Array.of(3, 4),
};

async function outputsOf(
  graph: Graph,
  given: Record<string, TensorData> = inputs,
): Promise<Record<string, TensorData>> {
  const backend = createReferenceBackend();
  const executable = await backend.compile(graph, { state: backend.createState() });
  return executable.run(given);
}

const ops = ({ nodes }: Graph) => nodes.map(({ op }) => op.name);

it('computes once what is the same op on the same inputs, with the same bits', async () => {
  const graph = trace(() => {
    const x = input('x', [ROWS, FEATURES]);
    const key = newKey(input('key', [2], 'i32'));
    const sketched = [2, 2, 3].map((rows) => count().apply(x, key, rows));
    const product = () => matmul(x, x, { transposeA: true });
    observe('norm', squaredNorm(product()));
    observe('other', squaredNorm(matmul(x, x, { transposeB: true })));
    return { sum: add(sketched[0]!, sketched[1]!), three: sketched[2]!, product: product() };
  });
  const merged = mergeEqual(graph);
  const counted = (name: string) => ops(merged).filter((op) => op === name).length;
  expect([counted('permutation'), counted('countSketch'), counted('matmul')]).toEqual([1, 2, 2]);
  expect(await outputsOf(merged)).toEqual(await outputsOf(graph));
});

it('keeps apart what draws from other streams or is told other things', () => {
  const graph = trace(() => {
    const x = input('x', [ROWS, FEATURES]);
    const key = input('key', [2], 'i32');
    const shared = newKey(key);
    return {
      a: dropout(x, { rate: 0.5, key: newKey(key) }),
      b: dropout(x, { rate: 0.5, key: newKey(key) }),
      c: dropout(x, { rate: 0.5, key: shared }),
      d: dropout(x, { rate: 0.25, key: shared }),
      e: permutation(4, shared),
      f: permutation(5, shared),
    };
  });
  expect(ops(mergeEqual(graph))).toEqual(ops(graph));
});

it('leaves what reads a tensor that an update changes', async () => {
  const graph = trace(() => {
    const x = input('x', [ROWS, FEATURES]);
    const sum = persistent('sum', [ROWS, FEATURES], 'accumulator');
    const before = multiply(sum, x);
    accumulate(sum, x);
    return { before, after: multiply(sum, x), twice: multiply(sum, x) };
  });
  expect(ops(mergeEqual(graph))).toEqual(ops(graph));
  const { before, after } = await outputsOf(mergeEqual(graph), { x: inputs.x });
  expect(before!.every((value) => Math.abs(value) === 0)).toBe(true);
  expect([...after!]).toEqual(Array.from(inputs.x, (value) => Math.fround(value * value)));
});
