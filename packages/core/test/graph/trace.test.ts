import { describe, expect, it } from 'vitest';
import {
  add,
  affine,
  attention,
  broadcastTo,
  checkpoint,
  clipFactor,
  constant,
  crossEntropy,
  dropout,
  gather,
  input,
  linear,
  matmul,
  newKey,
  normalize,
  parameter,
  persistent,
  reshape,
  type Shape,
  ShapeError,
  scale,
  scope,
  sketch,
  softmax,
  sum,
  trace,
  transpose,
  UsageError,
  type Value,
  withData,
} from '../../src/index.js';

/** Traces what returns nothing. */
const traceOnly = (build: () => unknown) =>
  trace(() => {
    build();
    return {};
  });

const shapes = (...all: Shape[]) => all.map((shape, i) => input(`x${i}`, shape));
const integers = (shape: Shape) => input('integers', shape, 'i32');
const key = () => newKey(input('key', [2], 'i32'));
/** Attention over two sequences, of four rows by the mask. */
const attended = (projections: Shape, { heads }: { readonly heads: number }) =>
  attention(input('x', projections), input('starts', [3], 'i32'), input('mask', [4], 'i32'), {
    ...{ heads, longest: 4, rate: 0, key: key() },
  });

describe('messages about shapes', () => {
  const wrong: readonly (readonly [string, () => unknown, string | RegExp])[] = [
    [
      'broadcasting',
      () => scope('encoder', () => add(...(shapes([2, 3], [4]) as [Value, Value]))),
      'add(f32 [2, 3], f32 [4]) in encoder: [2, 3] and [4] do not broadcast',
    ],
    [
      'inner sizes',
      () => matmul(...(shapes([2, 3], [4, 5]) as [Value, Value])),
      'matmul(f32 [2, 3], f32 [4, 5]): inner sizes 3 and 4 differ',
    ],
    [
      'features of a linear layer',
      () => linear(input('x', [2, 3]), parameter('w', [4, 5]), undefined),
      'linear(f32 [2, 3], f32 [4, 5]): x has 3 features, w takes 5',
    ],
    [
      'a bias',
      () => linear(input('x', [2, 5]), parameter('w', [4, 5]), parameter('b', [5])),
      /b must be \[4\], not \[5\]/,
    ],
    [
      'a rank',
      () => matmul(...(shapes([2], [2, 2]) as [Value, Value])),
      /a must be f32 of rank 2, not f32 \[2\]/,
    ],
    ['a dtype', () => softmax(integers([3])), /x must be f32, not i32 \[3\]/],
    ['a scalar', () => softmax(input('x', [])), /must have an axis/],
    [
      'labels',
      () => crossEntropy(input('x', [4, 2]), integers([3])),
      /labels must be \[4\], not \[3\]/,
    ],
    [
      'a mean over nothing',
      () => crossEntropy(input('x', [0, 2]), integers([0])),
      /at least one row/,
    ],
    ['no features', () => normalize(input('x', [3, 0]), { epsilon: 1 }), /at least one feature/],
    [
      'a gain',
      () => affine(...(shapes([2, 3], [2], [3]) as [Value, Value, Value])),
      /gain must be \[3\], not \[2\]/,
    ],
    ['a reshape', () => reshape(input('x', [2, 3]), [4]), /6 elements do not fill \[4\]/],
    ['a broadcast', () => broadcastTo(input('x', [2]), [3]), /\[2\] and \[3\] do not broadcast/],
    [
      'a broadcast that shrinks',
      () => broadcastTo(input('x', [3, 3]), [3]),
      /\[3, 3\] does not broadcast to \[3\]/,
    ],
    ['an axis', () => sum(input('x', [2]), { axis: 1 }), /axis 1 is not one of/],
    ['an axis of no whole number', () => sum(input('x', [2]), { axis: 0.5 }), /axis 0\.5/],
    ['a transposition', () => transpose(input('x', [2])), /rank 2/],
    ['heads', () => attended([4, 15], { heads: 2 }), /15 columns are not 3 × 2 heads/],
    ['a mask', () => attended([6, 6], { heads: 2 }), /mask must be \[6\], not \[4\]/],
    [
      'a key',
      () => dropout(input('x', [2]), { rate: 0.5, key: newKey(input('key', [3], 'i32')) }),
      /key must be \[2\], not \[3\]/,
    ],
    ['indices', () => gather(input('x', [2, 2]), input('at', [2])), /indices must be i32/],
    ['an input', () => input('x', [2, -1]), /x: sizes must be whole numbers ≥ 0/],
    ['a parameter', () => parameter('w', [1.5]), /w: sizes must be whole numbers ≥ 0/],
    [
      'a constant',
      () => constant(new Float32Array(3), [2]),
      'a constant of 3 numbers does not fill f32 [2]',
    ],
    [
      'a parameter declared again',
      () => [parameter('w', [2]), parameter('w', [3])],
      "'w' was declared as parameter f32 [2] and again as parameter f32 [3]",
    ],
    [
      'a parameter declared as another kind',
      () => [parameter('w', [2]), persistent('w', [2], 'optimizer')],
      /parameter f32 \[2\] and again as optimizer/,
    ],
    [
      'data declared with another dtype',
      () => [persistent('w', [2], 'data'), persistent('w', [2], 'data', 'i32')],
      /data f32 \[2\] and again as data i32 \[2\]/,
    ],
  ];
  for (const [name, build, message] of wrong)
    it(`say what is wrong with ${name}`, () => {
      const run = () => traceOnly(build);
      expect(run).toThrow(ShapeError);
      expect(run).toThrow(message);
    });
});

describe('messages about use', () => {
  const wrong: readonly (readonly [string, () => unknown, string | RegExp])[] = [
    ['an input declared twice', () => shapes([1]).concat(shapes([1])), /'x0' is declared twice/],
    [
      'dropout at 1',
      () => dropout(input('x', [1]), { rate: 1, key: key() }),
      'dropout must be in [0, 1), not 1',
    ],
    ['dropout below 0', () => dropout(input('x', [1]), { rate: -0.1, key: key() }), /not -0\.1/],
    ['dropout of NaN', () => dropout(input('x', [1]), { rate: Number.NaN, key: key() }), /not NaN/],
    [
      'no heads',
      () => attended([4, 15], { heads: 0 }),
      'heads must be an integer of at least 1, but it is 0',
    ],
    [
      'a factor',
      () => scale(input('x', [1]), Number.NaN),
      /factor must be a finite number, but it is NaN/,
    ],
    [
      'epsilon',
      () => normalize(input('x', [1, 1]), { epsilon: 0 }),
      /epsilon must be a number above 0, but it is 0/,
    ],
    [
      'rows of a sketch',
      () => sketch(input('x', [4, 4]), { kind: 'gaussian', rows: 0, key: key() }),
      /rows must be an integer of at least 1, but it is 0/,
    ],
    [
      'a clipping norm',
      () => clipFactor(input('x', []), input('settings', [8]), 0),
      /norm must be a number above 0, but it is 0/,
    ],
    ['a trace in a trace', () => trace(() => ({})), /inside another trace/],
    ['nested blocks', () => checkpoint(() => checkpoint(() => 1)), /inside checkpoint/],
  ];
  for (const [name, build, message] of wrong)
    it(`say what is wrong with ${name}`, () => {
      const run = () => traceOnly(build);
      expect(run).toThrow(UsageError);
      expect(run).toThrow(message);
    });

  it('say that ops belong in a trace', () => {
    expect(() => input('x', [1])).toThrow(
      new UsageError('ops build a graph: call them inside trace(() => …)'),
    );
  });
});

describe('trace', () => {
  it('is over after an error', () => {
    expect(() =>
      trace(() => {
        throw new Error('mine');
      }),
    ).toThrow('mine');
    expect(trace(() => ({ x: input('x', [1]) })).inputs).toHaveLength(1);
  });

  it('leaves out dropout at rate 0, and reshapes to the same shape', () => {
    trace(() => {
      const x = input('x', [2]);
      expect(dropout(x, { rate: 0, key: key() })).toBe(x);
      expect(reshape(x, [2])).toBe(x);
      expect(broadcastTo(x, [2])).toBe(x);
      return {};
    });
  });

  it('gives every use of randomness a stream of its own', () => {
    trace(() => {
      const value = input('key', [2], 'i32');
      expect([newKey(value), newKey(value), newKey(value)].map(({ stream }) => stream)).toEqual([
        0, 1, 2,
      ]);
      return {};
    });
  });

  it('gives one tensor for one name', () => {
    trace(() => {
      expect(parameter('w', [2])).toBe(parameter('w', [2]));
      return {};
    });
  });
});

describe('withData', () => {
  it('makes persistent data of the inputs that it names, within what it builds', () => {
    const graph = trace(() => {
      const held = withData({ x: 'data.x', n: 'data.n' }, () => {
        const x = input('x', [2]);
        return { y: scale(x, 2), x, n: input('n', [3], 'i32'), z: input('z', [1]) };
      });
      return { ...held, other: input('x', [4]) };
    });
    expect(graph.inputs.map(({ name, value }) => [name, value.shape])).toEqual([
      ['z', [1]],
      ['x', [4]],
    ]);
    expect(
      graph.persistents.map(({ name, kind, value: { shape, dtype } }) => [
        ...[name, kind, shape, dtype],
      ]),
    ).toEqual([
      ['data.x', 'data', [2], 'f32'],
      ['data.n', 'data', [3], 'i32'],
    ]);
  });

  it('refuses a name that nothing within has', () => {
    const build = () => input('x', [2]);
    expect(() => traceOnly(() => withData({ x: 'data.x', y: 'data.y' }, build))).toThrow(
      "withData names the input 'y', which nothing within declares",
    );
  });

  it('is over once its builder has thrown', () => {
    const graph = trace(() => {
      expect(() =>
        withData({ x: 'data.x' }, () => {
          throw new Error('no');
        }),
      ).toThrow('no');
      return { x: input('x', [2]) };
    });
    expect(graph.inputs.map(({ name }) => name)).toEqual(['x']);
  });
});
