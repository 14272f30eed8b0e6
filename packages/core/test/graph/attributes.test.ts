import { expect, it } from 'vitest';
import * as core from '../../src/index.js';
import { OF_TEST } from '../support/library-operations.js';

const estimators = [
  core.dense(),
  core.rmm({ sketch: core.count(), rate: 0.5 }),
  core.rmm({ sketch: core.count(), rate: 0.5, centred: true }),
  core.rows({ by: 'optimal', rate: 0.5 }),
  core.wtaCrs({ rate: 0.5 }),
  core.quantized({ bits: 3 }),
  core.exact({ bits: 2 }),
];

it('attributes are plain data, whatever a layer is given', () => {
  for (const estimator of estimators) {
    const graph = core.trace(() => {
      const w = core.parameter('w', [4, 16]);
      const key = core.newKey(core.input('key', [2], 'i32'));
      const z = core.linear(core.input('x', [8, 16]), w, undefined, {
        estimator,
        key,
        name: 'layer',
      });
      const loss = core.squaredNorm(core.gelu(z));
      core.backward(loss, [w], () => {});
      return { loss };
    });
    for (const { op, attributes } of graph.nodes)
      expect(structuredClone(attributes), `${op.name} of ${estimator.name}`).toEqual(attributes);
    const linear = graph.nodes.find(({ op }) => op.name === 'linear')!;
    expect(linear.attributes).toEqual({ estimator: estimator.name });
  }
});

it('a node has a vector-Jacobian product of its own where its op says so, and nowhere else', () => {
  const own = core.defineOp({
    name: `${OF_TEST}OwnGradient`,
    infer: ([x]) => [{ shape: x!.shape, dtype: 'f32' }],
    vjp: 'traced',
    flops: () => 0,
  });
  const other = core.defineOp({
    name: `${OF_TEST}SharedGradient`,
    infer: ([x]) => [{ shape: x!.shape, dtype: 'f32' }],
    vjp: (_, __, [dy]) => [dy],
    flops: () => 0,
  });
  const gradients: core.Value[] = [];
  const graph = core.trace(() => {
    const x = core.parameter('x', [3]);
    const [y] = own([x], {}, (_, __, [dy]) => [core.scale(dy!, 7)]);
    const loss = core.squaredNorm(y!);
    core.backward(loss, [x], (_, gradient) => void gradients.push(gradient));
    expect(() => own([x], {})).toThrow(/'ofTestOwnGradient' is given no vector-Jacobian product/);
    expect(() => other([x], {}, () => [])).toThrow(
      /'ofTestSharedGradient' is given a vector-Jacobian/,
    );
    return { loss };
  });
  expect(gradients[0]!.node).toMatchObject({ op: { name: 'scale' }, attributes: { factor: 7 } });
  expect(graph.nodes.find(({ op }) => op.name === `${OF_TEST}OwnGradient`)!.vjp).toBeTypeOf(
    'function',
  );
});
