import {
  add,
  divide,
  exponential,
  gelu,
  geluGradient,
  logarithm,
  multiply,
  relu,
  reluGradient,
  type Shape,
  scale,
  squareRoot,
  subtract,
  tanh,
  threefry2x32,
  type Value,
} from '@sketchgrad/core';
import { between, type Drawn, exactly } from '../data.js';
import { type Arguments, named, type OperationCase } from './case.js';

/** A scalar, nothing, one, tails of vectors of 4 and 8 and 16, and more than a thread's share. */
const SHAPES: readonly Shape[] = [
  [],
  [0],
  [1],
  [3],
  [4],
  [5],
  [2, 3],
  [7, 9],
  [2, 1, 3],
  [31, 33],
  [3, 0],
  [130, 67],
];

const single =
  (
    op: string,
    build: (x: Value) => Value,
    draw: (shape: Shape) => Drawn = (shape) => between(shape, -4, 4),
  ) =>
  (shape: Shape): OperationCase => ({
    op,
    name: named(shape),
    inputs: { x: draw(shape) },
    build: ({ x }) => [build(x!)],
  });

/** Numbers where a function turns or saturates; tiny and huge ones among them. */
const extremes = (op: string, build: (x: Value) => Value, values: readonly number[]) => ({
  op,
  name: `of ${values.join(', ')}`,
  inputs: { x: exactly([values.length], values) },
  build: ({ x }: { readonly x?: Value }) => [build(x!)],
});

const pair =
  (op: string, build: (x: Value, y: Value) => Value) =>
  (shape: Shape): OperationCase => ({
    op,
    name: named(shape),
    inputs: { x: between(shape, -4, 4), y: between(shape) },
    build: ({ x, y }) => [build(x!, y!)],
  });

/** Pairs of shapes that broadcast: vectors over rows, columns, scalars, both ways, middle axes. */
const BROADCASTS: readonly (readonly [Shape, Shape])[] = [
  [[], []],
  [[3], []],
  [[], [5]],
  [[1], [7]],
  [
    [4, 5],
    [4, 5],
  ],
  [[6, 33], [33]],
  [[33], [6, 33]],
  [
    [5, 1],
    [5, 9],
  ],
  [
    [5, 1],
    [1, 9],
  ],
  [
    [2, 3, 4],
    [3, 1],
  ],
  [
    [2, 1, 5],
    [1, 3, 1],
  ],
  [[0, 4], [4]],
  [
    [0, 1],
    [1, 3],
  ],
  [
    [97, 65],
    [97, 65],
  ],
];

const broadcasting =
  (op: string, build: (a: Value, b: Value) => Value, drawB: (shape: Shape) => Drawn = between) =>
  (a: Shape, b: Shape): OperationCase => ({
    op,
    name: named(a, b),
    inputs: { a: between(a), b: drawB(b) },
    build: (values) => [build(values.a!, values.b!)],
  });

/** ReLU's bits beside its result. */
const withBits = (test: OperationCase): OperationCase => ({
  ...test,
  build: (values) => test.build(values)[0]!.node.outputs,
});

/** A bit an element, in any order. */
const bitsOf = (shape: Shape): Drawn => {
  const count = shape.reduce((product, size) => product * size, 1);
  return {
    shape: [Math.ceil(count / 32)],
    dtype: 'i32',
    draw: (seed) =>
      Int32Array.from({ length: Math.ceil(count / 32) }, (_, i) => threefry2x32(seed, 1, 0, i)[0]),
  };
};

const positive = (shape: Shape) => between(shape, 0.1, 5);

const BROADCASTING = [
  broadcasting('add', add),
  broadcasting('subtract', subtract),
  broadcasting('multiply', multiply),
  broadcasting('divide', divide, positive),
];

/** Every op of two operands that broadcast. */
export const broadcastingAt = (a: Shape, b: Shape): OperationCase[] =>
  BROADCASTING.map((make) => make(a, b));

const ELEMENT_WISE: readonly ((shape: Shape) => OperationCase)[] = [
  single('scale', (x) => scale(x, -1.7)),
  (shape) => withBits(single('relu', relu)(shape)),
  single('tanh', tanh),
  single('exponential', exponential),
  single('logarithm', logarithm, positive),
  single('squareRoot', squareRoot, positive),
  single('gelu', gelu),
  pair('geluGradient', geluGradient),
  (shape) => ({
    op: 'reluGradient',
    name: named(shape),
    inputs: { bits: bitsOf(shape), dy: between(shape) },
    build: ({ bits, dy }: Arguments) => [reluGradient(bits!, dy!)],
  }),
];

/** Every op that goes element by element. */
export const elementWiseAt = (shape: Shape): OperationCase[] =>
  ELEMENT_WISE.map((make) => make(shape));

export const elementWiseCases: readonly OperationCase[] = [
  ...BROADCASTS.flatMap(([a, b]) => broadcastingAt(a, b)),
  ...SHAPES.flatMap(elementWiseAt),
  withBits(extremes('relu', relu, [-0, 0, 1e-37, -1e-37, 1e30, -1e30])),
  { ...withBits(extremes('relu', relu, [1e-38, -1e-38])), subnormal: true },
  extremes('tanh', tanh, [0, 1e-6, -1e-6, 0.3, 9, -9, 20, -20, 100, -1e30, 1e30]),
  extremes('exponential', exponential, [0, -0, 1e-7, -30, 30, -80, 80, -104]),
  extremes('logarithm', logarithm, [1, 1.0000001, 0.999, 1e-30, 1e30, 2]),
  extremes('squareRoot', squareRoot, [0, 1, 1e-30, 1e30]),
  extremes('gelu', gelu, [0, -1e-6, 1e-6, 3, -3, 5.5, -5.5, 10, -10, 40, -40]),
];
