import {
  add,
  broadcastTo,
  divide,
  elements,
  input,
  multiply,
  type Node,
  operations,
  type Shape,
  sameShape,
  subtract,
  sum,
  trace,
  type Value,
} from '@sketchgrad/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PANEL } from '../../src/kernels/attention.js';
import { kernels as lowerings } from '../../src/kernels/index.js';
import type { LoweringContext } from '../../src/kernels/kernel.js';
import { constantOf } from '../edges/assembly.js';
import { Kernels, numbers, type Placed } from './harness.js';

/** Runs the one node that `build` makes, by its lowering, on three threads in turn. */
function runNode(build: (...inputs: Value[]) => Value, ...shapes: Shape[]) {
  const kernels = new Kernels(3);
  let node: Node | undefined;
  trace(() => {
    const y = build(...shapes.map((shape, i) => input(`input${i}`, shape)));
    node = y.node;
    return { y };
  });
  const { inputs, outputs } = node!;
  const placed = new Map<Value, Placed>();
  for (const [i, value] of inputs.entries())
    placed.set(value, kernels.place(numbers(elements(value), i + 1)));
  for (const value of outputs) placed.set(value, kernels.room(elements(value)));
  const lowering = lowerings.get(node!.op.name)!;
  const scratch = kernels.room((lowering.scratchBytes?.(node!, 3) ?? 0) / 4);
  const context: LoweringContext = {
    threads: 3,
    address: (value) => placed.get(value)!.address,
    hostOffset: () => 0,
    scratch: () => scratch.address,
    gaussianTable: 0,
  };
  for (const phase of lowering.lower(node!, context))
    for (const thread of [0, 1, 2])
      for (const step of phase(thread)) {
        if (!('kernel' in step)) throw new Error('the test runs kernels alone');
        expect(kernels.call(step.kernel, ...step.arguments)).toBe(0);
      }
  return {
    inputs: inputs.map((value) => placed.get(value)!.data),
    output: placed.get(outputs[0]!)!.data,
    shape: outputs[0]!.shape,
  };
}

/** Index into a row-major operand of the element that stands at `index` of the output. */
function operandIndex(shape: Shape, output: Shape, index: number): number {
  let rest = index;
  let at = 0;
  let stride = 1;
  for (let axis = output.length - 1, own = shape.length - 1; axis >= 0; axis--, own--) {
    const position = rest % output[axis]!;
    rest = Math.floor(rest / output[axis]!);
    if (own < 0) continue;
    if (shape[own] !== 1) at += position * stride;
    stride *= shape[own]!;
  }
  return at;
}

/** An output's shape, and for each of two operands which axes it repeats along and has at all. */
const broadcasts = fc
  .array(fc.integer({ min: 0, max: 5 }), { maxLength: 7 })
  .chain((shape) =>
    fc.record({
      shape: fc.constant(shape),
      operands: fc.array(
        fc.record({
          ones: fc.array(fc.boolean(), { minLength: shape.length, maxLength: shape.length }),
          missing: fc.integer({ min: 0, max: shape.length }),
        }),
        { minLength: 2, maxLength: 2 },
      ),
    }),
  )
  .map(({ shape, operands }) =>
    operands.map(({ ones, missing }) =>
      shape.map((size, axis) => (ones[axis] ? 1 : size)).slice(missing),
    ),
  );

describe('broadcasting', () => {
  const arithmetic = {
    add: { op: add, of: (a: number, b: number) => a + b },
    subtract: { op: subtract, of: (a: number, b: number) => a - b },
    multiply: { op: multiply, of: (a: number, b: number) => a * b },
    divide: { op: divide, of: (a: number, b: number) => a / b },
  };

  it.each(Object.entries(arithmetic))('%s', (_name, { op, of }) => {
    fc.assert(
      fc.property(broadcasts, ([a, b]) => {
        const { inputs, output, shape } = runNode((x, y) => op(x!, y!), a!, b!);
        const expected = output.map((_, i) => {
          const left = inputs[0]![operandIndex(a!, shape, i)]!;
          return of(left, inputs[1]![operandIndex(b!, shape, i)]!);
        });
        expect(output).toEqual(expected);
      }),
      { numRuns: 150 },
    );
  });

  it('broadcastTo', () => {
    fc.assert(
      fc.property(broadcasts, ([a, b]) => {
        const { shape } = runNode((x, y) => add(x!, y!), a!, b!);
        fc.pre(!sameShape(a!, shape));
        const { inputs, output } = runNode((x) => broadcastTo(x!, shape), a!);
        expect(output).toEqual(output.map((_, i) => inputs[0]![operandIndex(a!, shape, i)]!));
      }),
      { numRuns: 150 },
    );
  });

  it('in long rows, columns and scalars', () => {
    for (const [a, b] of [
      [[37, 53], [53]],
      [
        [37, 53],
        [37, 1],
      ],
      [[37, 1], [53]],
      [[37, 53], []],
      [[], [37, 53]],
      [
        [3, 1, 40],
        [1, 50, 40],
      ],
    ] as const) {
      const { inputs, output, shape } = runNode((x, y) => subtract(x!, y!), a, b);
      const expected = output.map(
        (_, i) => inputs[0]![operandIndex(a, shape, i)]! - inputs[1]![operandIndex(b, shape, i)]!,
      );
      expect(output).toEqual(expected);
    }
  });
});

describe('sums', () => {
  it.each([
    { shape: [7, 5, 3], axis: 0 },
    { shape: [7, 5, 3], axis: 1 },
    { shape: [7, 5, 3], axis: 2 },
    { shape: [5, 1], axis: 0 },
    { shape: [9000], axis: 0 },
    { shape: [0, 4], axis: 0 },
    { shape: [0], axis: 0 },
    { shape: [4, 0], axis: 0 },
  ])('over axis $axis of $shape', ({ shape, axis }) => {
    const { inputs, output } = runNode((x) => sum(x!, { axis }), shape);
    const inner = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
    const n = shape[axis]!;
    output.forEach((value, at) => {
      let expected = 0;
      for (let k = 0; k < n; k++)
        expected += inputs[0]![(Math.floor(at / inner) * n + k) * inner + (at % inner)]!;
      expect(Math.abs(value - expected)).toBeLessThan(1e-4);
    });
  });
});

describe('lowerings', () => {
  it('exist for every op', () => {
    const names = [...operations().keys()].filter((name) => !lowerings.has(name));
    expect(names).toEqual([]);
  });
});

it('has room for panels as wide as the products make them', () => {
  expect(PANEL).toBe(constantOf('attention/product', 'COLUMNS'));
});
