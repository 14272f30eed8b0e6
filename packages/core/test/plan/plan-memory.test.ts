import { describe, expect, it } from 'vitest';
import {
  accumulate,
  adamw,
  add,
  backward,
  clear,
  constant,
  input,
  inStage,
  linear,
  normalize,
  parameter,
  persistent,
  planMemory,
  reshape,
  rootOf,
  scale,
  scope,
  sum,
  tanh,
  trace,
  UsageError,
  type Value,
} from '../../src/index.js';

describe('planMemory', () => {
  it('writes a result over an input that dies, and not over one that lives on in a view', () => {
    let values: Value[] = [];
    const planned = (keepView: boolean) => {
      const graph = trace(() => {
        const a = scale(input('x', [4]), 2);
        const view = reshape(a, [2, 2]);
        const b = tanh(a);
        values = [a, view, b];
        const late: Record<string, Value> = keepView ? { y: sum(view) } : {};
        return { b: scale(b, 3), ...late };
      });
      const { places } = planMemory(graph);
      return values.map((value) => places.get(value)?.offset);
    };
    const [a, , b] = planned(false);
    expect(b).toBe(a);
    const [kept, view, apart] = planned(true);
    expect(view).toBe(kept);
    expect(apart).not.toBe(kept);
  });

  it('never writes over inputs, constants, persistent tensors or what is read back', () => {
    const values: Record<string, Value> = {};
    const graph = trace(() => {
      values.x = input('x', [4]);
      values.w = parameter('w', [4]);
      values.y = add(values.x, values.w);
      values.z = scale(values.y, 2);
      return { y: values.y, z: values.z };
    });
    const { places } = planMemory(graph);
    const offsets = [values.x, values.y, values.z].map((value) => places.get(value!)!.offset);
    expect(new Set(offsets).size).toBe(3);
    expect(places.has(values.w!)).toBe(false);
  });

  it('names what is kept by the value that the backward pass reads', () => {
    const graph = trace(() => {
      const w = parameter('w', [4, 4]);
      const loss = scope('model', () => {
        const x = linear(input('x', [3, 4]), w, undefined);
        const [y] = normalize(
          scope('norm', () => scale(x, 2)),
          { epsilon: 1e-5 },
        );
        return sum(tanh(y));
      });
      backward(loss, [w], (parameter, gradient) => {
        const [first, second] = ['m', 'v'].map((name) => persistent(name, [4, 4], 'optimizer'));
        adamw([parameter, gradient, first!, second!, input('settings', [8])], { decay: true });
      });
      return { loss };
    });
    const plan = planMemory(graph);
    // scale and normalize were written over linear's result; what is kept is normalize's.
    expect(plan.kept.map(({ op, scope: place }) => `${op} ${place}`).sort()).toEqual([
      'normalize model',
      'normalize model',
      'tanh model',
    ]);
    expect(plan.keptBytes).toBe(64 * 3);
    expect(plan.categories).toMatchObject({ parameter: 64, optimizer: 128, accumulator: 0 });
  });

  it('runs updates though nothing reads them, and drops what nothing needs', () => {
    const graph = trace(() => {
      const total = persistent('total', [2], 'accumulator');
      clear(total);
      tanh(input('x', [2]));
      inStage('update', () => tanh(reshape(total, [1, 2])));
      return {};
    });
    expect(planMemory(graph).schedule.map(({ op }) => op.name)).toEqual(['clear']);
  });

  it('refuses to change a constant in place', () => {
    const of = (total: () => Value) =>
      trace(() => ({ y: accumulate(reshape(total(), [2, 1]), input('x', [2, 1])) }));
    const refused = of(() => constant(Float32Array.of(1, 2)));
    expect(() => planMemory(refused)).toThrow(UsageError);
    expect(() => planMemory(refused)).toThrow(/^'accumulate' changes a constant in place/);
    expect(planMemory(of(() => scale(constant(Float32Array.of(1, 2)), 1))).constants).toHaveLength(
      1,
    );
  });

  it('plans graphs of nothing but leaves, and of empty tensors', () => {
    const leaves = planMemory(trace(() => ({ x: input('x', [2]), w: parameter('w', [3]) })));
    expect(leaves).toMatchObject({ schedule: [], arenaBytes: 64, persistentBytes: 64 });
    const empty = planMemory(trace(() => ({ y: scale(input('x', [0, 3]), 2) })));
    expect(empty.peakBytes).toBe(0);
    expect(planMemory(trace(() => ({}))).peakBytes).toBe(0);
  });

  it('follows views and updates in place to where they start', () => {
    trace(() => {
      const total = persistent('total', [2], 'accumulator');
      const x = input('x', [2]);
      expect(rootOf(reshape(clear(total), [1, 2]))).toBe(total);
      const y = scale(x, 2);
      expect(rootOf(reshape(y, [2, 1]))).toBe(y);
      return {};
    });
  });
});
