import fc from 'fast-check';
import {
  accumulate,
  add,
  affineGradient,
  constant,
  type Graph,
  input,
  inStage,
  multiply,
  normalize,
  parameter,
  persistent,
  reshape,
  scale,
  softmax,
  subtract,
  sum,
  tanh,
  trace,
  type Value,
} from '../../src/index.js';

/** One step of building a random graph: what to apply, and to which earlier values. */
interface Instruction {
  readonly kind: number;
  readonly first: number;
  readonly second: number;
  /** Whether its result is read back. */
  readonly returned: boolean;
}

type Apply = (a: Value, b: Value, n: number) => readonly Value[];

/** All take and give [n, n], except views and row sums, which {@link square} undoes. */
const APPLY: readonly Apply[] = [
  (a) => [scale(a, 0.5)],
  (a) => [tanh(a)],
  (a, b) => [add(a, b)],
  (a, b) => [subtract(a, b)],
  (a, b) => [multiply(a, b)],
  (a) => [softmax(a)],
  (a) => normalize(a, { epsilon: 0.5 }),
  (a, b) => affineGradient(a, sum(b, { axis: 0 }), b),
  (a, _, n) => [reshape(a, [n * n])],
  (a, _, n) => [reshape(a, [1, n * n])],
  (a) => [sum(a, { axis: 1 })],
  (a, _, n) => [multiply(a, constant(Float32Array.from({ length: n }, (__, i) => 1 + i / 8)))],
  (a, _, n) => [accumulate(persistent('total', [n, n], 'accumulator'), a)],
];

/** Views go back to [n, n]; a vector [n] broadcasts over it. */
const square = (value: Value, n: number): Value =>
  value.shape.length === 1 && value.shape[0] === n && n > 1
    ? add(value, persistent('zero', [n, n], 'parameter'))
    : reshape(value, [n, n]);

/** Random graphs of forward, backward and update nodes with views, updates and several outputs. */
export const randomGraph: fc.Arbitrary<Graph> = fc
  .record({
    n: fc.constantFrom(1, 3, 5),
    instructions: fc.array(
      fc.record<Instruction>({
        kind: fc.nat(APPLY.length - 1),
        first: fc.nat(100),
        // Recent values more often, so that many die early and are overwritten.
        second: fc.nat(3),
        returned: fc.nat(5).map((die) => die === 0),
      }),
      { minLength: 1, maxLength: 24 },
    ),
  })
  .map(({ n, instructions }) =>
    trace(() => {
      const total = persistent('total', [n, n], 'accumulator');
      const values: Value[] = [input('x', [n, n]), parameter('w', [n, n]), total];
      const outputs: Record<string, Value> = {};
      instructions.forEach(({ kind, first, second, returned }, at) => {
        const stage = at * 2 < instructions.length ? 'forward' : 'backward';
        inStage(stage, () => {
          const a = square(values[first % values.length]!, n);
          const b = square(values[values.length - 1 - (second % values.length)]!, n);
          const made = APPLY[kind]!(a, b, n);
          values.push(...made);
          if (returned || at === instructions.length - 1)
            outputs[`value${at}`] = made[first % made.length]!;
        });
      });
      return outputs;
    }),
  );
