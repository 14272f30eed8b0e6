import { describe, expect, it } from 'vitest';
import {
  add,
  backward,
  dense,
  type GradientEstimator,
  type Graph,
  gaussian,
  input,
  keepInput,
  keptRows,
  linear,
  multiply,
  newKey,
  parameter,
  planMemory,
  rademacher,
  rmm,
  sketch,
  sum,
  trace,
  UsageError,
  type Value,
} from '../../src/index.js';
import { createReferenceBackend, moments } from '../../src/reference/index.js';
import { draw } from '../support/draw.js';

const half = () => rmm({ sketch: gaussian(), rate: 0.5 });

/** Gradients of Σ (x Wᵀ + b) · y. */
const layer = (estimator: GradientEstimator, rows = 8): Graph =>
  trace(() => {
    const [x, w, b] = [input('x', [rows, 3]), parameter('w', [2, 3]), parameter('b', [2])];
    const key = { value: input('key', [2], 'i32'), stream: 0 };
    const z = linear(x, w, b, { estimator, key });
    const outputs: Record<string, Value> = {};
    backward(sum(multiply(z, input('y', [rows, 2]))), [x, w, b], (value, gradient) => {
      outputs[String(value.node.attributes.name)] = gradient;
    });
    return outputs;
  });

const inputs = { x: draw(24, 1), y: draw(16, 2), key: Int32Array.of(5, 6) };

async function run(graph: Graph, given: Record<string, Float64Array | Int32Array> = inputs) {
  const backend = createReferenceBackend({ precision: 'f64' });
  const state = backend.createState();
  const executable = await backend.compile(graph, { state });
  for (const name of state.tensors.keys())
    await state.writeFloat64(name, draw((await state.read(name)).length, 9));
  return executable.runFloat64(given);
}

describe('rmm', () => {
  it('changes the weight gradient alone', async () => {
    const exact = await run(layer(dense()));
    const estimated = await run(layer(half()));
    expect(estimated.x).toEqual(exact.x);
    expect(estimated.b).toEqual(exact.b);
    expect(estimated.w).not.toEqual(exact.w);
  });

  it('is (Sᵀ Y)ᵀ (Sᵀ X) with one S for both', async () => {
    const identity = Float64Array.from({ length: 64 }, (_, i) => (i % 9 === 0 ? 1 : 0));
    const { s } = await run(
      trace(() => {
        const key = newKey(input('key', [2], 'i32'));
        return { s: sketch(input('eye', [8, 8]), { kind: 'gaussian', rows: 4, key }) };
      }),
      { eye: identity, key: inputs.key },
    );
    const { w } = await run(layer(half()));
    for (let o = 0; o < 2; o++)
      for (let i = 0; i < 3; i++) {
        let total = 0;
        for (let j = 0; j < 4; j++) {
          let [sy, sx] = [0, 0];
          for (let row = 0; row < 8; row++) {
            sy += s![j * 8 + row]! * inputs.y[row * 2 + o]!;
            sx += s![j * 8 + row]! * inputs.x[row * 3 + i]!;
          }
          total += sy * sx;
        }
        expect(w![o * 3 + i]).toBeCloseTo(total, 12);
      }
  });

  it('keeps as many bytes as it says, in place of the input', () => {
    const keptIn = (estimator: GradientEstimator, op: string) =>
      planMemory(
        trace(() => {
          const x = add(input('x', [64, 16]), input('x2', [64, 16]));
          const w = parameter('w', [2, 16]);
          const key = { value: input('key', [2], 'i32'), stream: 0 };
          const loss = sum(linear(x, w, undefined, { estimator, key }));
          const outputs: Record<string, Value> = { loss };
          backward(loss, [w], (_, gradient) => {
            outputs.w = gradient;
          });
          return outputs;
        }),
      )
        .kept.filter((tensor) => tensor.op === op)
        .map(({ bytes }) => bytes);
    expect(keptIn(dense(), 'add')).toEqual([dense().bytes([64, 16])]);
    expect(keptIn(half(), 'add')).toEqual([]);
    expect(keptIn(half(), 'sketch')).toEqual([half().bytes([64, 16])]);
    expect(half().bytes([64, 16])).toBe(32 * 16 * 4);
  });

  it('draws other numbers for each layer, and one sketch for layers that share their input', async () => {
    const two = (share: boolean) =>
      trace(() => {
        const [x, y] = [input('x', [8, 3]), input('y', [8, 2])];
        const [w, v] = [parameter('w', [2, 3]), parameter('v', [2, 3])];
        const options = { estimator: half(), key: { value: input('key', [2], 'i32'), stream: 0 } };
        const shared = share ? keepInput(x, options) : x;
        const loss = add(
          sum(multiply(linear(shared, w, undefined, options), y)),
          sum(multiply(linear(shared, v, undefined, options), y)),
        );
        const outputs: Record<string, Value> = {};
        backward(loss, [w, v], (value, gradient) => {
          outputs[String(value.node.attributes.name)] = gradient;
        });
        return outputs;
      });
    const apart = await run(two(false));
    expect(apart.w).not.toEqual(apart.v);
    const shared = two(true);
    const together = await run(shared);
    expect(together.w).toEqual(together.v);
    const sketches = shared.nodes.filter(
      ({ op, stage }) => op.name === 'sketch' && stage === 'forward',
    );
    expect(sketches).toHaveLength(1);
  });

  it('rejects rates that keep nothing or more than all', () => {
    for (const rate of [0, -0.1, 1.0001, Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => rmm({ sketch: rademacher(), rate })).toThrow(
        new UsageError(`the rate must be above 0 and at most 1, not ${rate}`),
      );
  });

  it('rounds the rows that a rate keeps, and keeps one at least', () => {
    expect([keptRows(10, 0.1), keptRows(30, 0.1), keptRows(8, 1), keptRows(25, 0.1)]).toEqual([
      1, 3, 8, 3,
    ]);
    expect([keptRows(8, 0.1), keptRows(1, 0.1), keptRows(4, 1e-9)]).toEqual([1, 1, 1]);
  });

  it('asks for a key', () => {
    expect(() =>
      trace(() => ({
        z: linear(input('x', [8, 3]), parameter('w', [2, 3]), undefined, { estimator: half() }),
      })),
    ).toThrow(new UsageError("the estimator 'rmm-gaussian' draws random numbers: pass a key"));
  });
});

describe('dense', () => {
  it('is exact, takes no key and adds no variance', async () => {
    const graph = trace(() => {
      const w = parameter('w', [2, 3]);
      const z = linear(input('x', [8, 3]), w, undefined);
      const outputs: Record<string, Value> = {};
      backward(sum(multiply(z, input('y', [8, 2]))), [w], (_, gradient) => {
        outputs.w = gradient;
      });
      return outputs;
    });
    const { w } = await run(graph, { x: inputs.x, y: inputs.y });
    const first = inputs.x.reduce(
      (total, value, i) => total + (i % 3 === 0 ? value * inputs.y[(i / 3) * 2]! : 0),
      0,
    );
    expect(w![0]).toBeCloseTo(first, 12);
    const none = moments(inputs.x, inputs.y, 8);
    expect(dense().variance(none)).toBe(0);
  });
});
