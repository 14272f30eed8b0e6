import { describe, expect, it } from 'vitest';
import {
  add,
  backward,
  crossEntropy,
  input,
  matmul,
  multiply,
  newKey,
  normalize,
  parameter,
  planMemory,
  rademacher,
  ShapeError,
  scale,
  scope,
  sum,
  trace,
  type Value,
} from '../../src/index.js';
import { createReferenceBackend } from '../../src/reference/index.js';

const differentiate = (loss: Value, values: readonly Value[]): Record<string, Value> => {
  const gradients: Record<string, Value> = {};
  backward(loss, values, (value, gradient) => {
    gradients[String(value.node.attributes.name)] = gradient;
  });
  return gradients;
};

describe('backward', () => {
  it('adds up what reaches a value on several ways, inputs included', async () => {
    const graph = trace(() => {
      const x = input('x', [2]);
      const w = parameter('w', [2]);
      const loss = sum(add(multiply(x, w), add(multiply(w, w), scale(x, 3))));
      return differentiate(loss, [w, x]);
    });
    const backend = createReferenceBackend();
    const state = backend.createState();
    const executable = await backend.compile(graph, { state });
    await state.write('w', Float32Array.of(5, -1));
    const { w, x } = await executable.run({ x: Float32Array.of(2, 7) });
    expect(w).toEqual(Float32Array.of(2 + 10, 7 - 2));
    expect(x).toEqual(Float32Array.of(5 + 3, -1 + 3));
  });

  it('hands over each gradient as soon as it is complete, last layer first', () => {
    const order: string[] = [];
    const graph = trace(() => {
      const [a, b, shared] = ['a', 'b', 'shared'].map((name) => parameter(name, [2, 2]));
      const x = matmul(matmul(input('x', [2, 2]), shared!), a!);
      const loss = sum(matmul(matmul(x, b!), shared!));
      backward(loss, [a!, b!, shared!], (value, gradient) => {
        order.push(String(value.node.attributes.name));
        scale(gradient, 1);
      });
      return { loss };
    });
    expect(order).toEqual(['b', 'a', 'shared']);
    const updates = graph.nodes.filter(({ stage }) => stage === 'update');
    expect(updates.map(({ op }) => op.name)).toEqual(['scale', 'scale', 'scale']);
    const last = graph.nodes.findLastIndex(({ stage }) => stage === 'backward');
    expect(graph.nodes.indexOf(updates[0]!)).toBeLessThan(last);
  });

  it('computes nothing for what no parameter reaches', () => {
    const graph = trace(() => {
      const w = parameter('w', [2, 2]);
      const loss = sum(matmul(scale(matmul(input('x', [2, 2]), input('z', [2, 2])), 2), w));
      return differentiate(loss, [w]);
    });
    const made = planMemory(graph).schedule.filter(({ stage }) => stage === 'backward');
    expect(made.filter(({ op }) => op.name === 'matmul')).toHaveLength(1);
  });

  it('differentiates twice in one graph', async () => {
    const graph = trace(() => {
      const w = parameter('w', []);
      const first = differentiate(multiply(w, w), [w]).w!;
      const second = differentiate(multiply(multiply(w, w), w), [w]).w!;
      return { first, second };
    });
    const backend = createReferenceBackend();
    const state = backend.createState();
    const executable = await backend.compile(graph, { state });
    await state.write('w', Float32Array.of(3));
    const { first, second } = await executable.run({});
    expect([first![0], second![0]]).toEqual([6, 27]);
  });

  it('rejects a loss that is no scalar', () => {
    expect(() => trace(() => differentiate(parameter('w', [2]), []))).toThrow(
      new ShapeError('the loss must be a scalar, not [2]'),
    );
  });

  it('names a parameter that the loss does not depend on', () => {
    expect(() =>
      trace(() => {
        const w = parameter('w', [2]);
        return differentiate(sum(w), [w, parameter('left.out', [3])]);
      }),
    ).toThrow(new ShapeError("the loss does not depend on 'left.out'"));
  });

  it('names an op that gradients do not pass, and where it stands', () => {
    const build = () =>
      trace(() => {
        const w = parameter('w', [4, 2]);
        const key = newKey(input('key', [2], 'i32'));
        const y = scope('encoder', () => rademacher().apply(w, key, 2));
        return differentiate(sum(y), [w]);
      });
    expect(build).toThrow(ShapeError);
    expect(build).toThrow(/'sketch'.*encoder/);
  });

  it('takes no gradients by results of ops', () => {
    expect(() =>
      trace(() => {
        const y = scale(parameter('w', []), 2);
        return differentiate(y, [y]);
      }),
    ).toThrow(/parameters and inputs.*'scale'/);
  });

  it('lets nothing flow through statistics', async () => {
    const build = (withStatistics: boolean) =>
      trace(() => {
        const w = parameter('w', [2, 3]);
        const [y, inverse] = normalize(w, { epsilon: 1 });
        const [cost, probabilities] = crossEntropy(y, input('labels', [2], 'i32'));
        const statistics = add(sum(inverse), sum(probabilities));
        return differentiate(withStatistics ? add(cost, statistics) : cost, [w]);
      });
    const backend = createReferenceBackend();
    const state = backend.createState();
    const gradients = [];
    for (const withStatistics of [false, true]) {
      const executable = await backend.compile(build(withStatistics), { state });
      await state.write('w', Float32Array.of(1, -2, 0.5, 3, 1, 4));
      gradients.push((await executable.run({ labels: Int32Array.of(0, 2) })).w);
    }
    expect(gradients[1]).toEqual(gradients[0]);
  });
});
