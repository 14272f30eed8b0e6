import {
  elements,
  type Transform,
  transformInputs,
  transformSizes,
  type Value,
} from '@sketchgrad/core';
import { choose, PASS_STEPS, spread, steps, TRANSFORM } from '../kernels/transform/kernel.js';
import {
  type Dispatch,
  type Lowering,
  type LoweringContext,
  type NodeOf,
  overElements,
  type Range,
} from '../lowering.js';
import { drawnWords, signWords } from './count-sketch.js';
import { checkedIndices } from './indexed.js';

type Attributes = {
  readonly transform: Transform;
  readonly rows: number;
  readonly stream: number;
  readonly blockRows: number | undefined;
};

/** Sizes of what is transformed: complex numbers of two features each. */
function sizesOf({ inputs: [x], attributes: { rows, blockRows } }: NodeOf<Attributes>) {
  const [n, features] = x!.shape as [number, number];
  const { length: size, count: blocks } = transformSizes(x!, rows, blockRows);
  return { n, features, size, blocks, pairs: Math.ceil(features / 2) };
}

/** e^(−2πik/period), k below `count`. */
const turnsOf = (context: LoweringContext, count: number, period: number): Range =>
  context.table(`turns ${count} of ${period}`, () =>
    Float32Array.from({ length: 2 * count }, (_, i) => {
      const angle = (-2 * Math.PI * (i >> 1)) / period;
      return i % 2 === 0 ? Math.cos(angle) : Math.sin(angle);
    }),
  );

/** All steps of a transform, some to a pass, from the widest stride down. */
function passes(
  z: Range,
  turns: Range | undefined,
  given: { which: number; size: number; pairs: number; blocks: number },
): readonly Dispatch[] {
  const { which, size, pairs, blocks } = given;
  const made: Dispatch[] = [];
  for (let span = size; span > 1; ) {
    const count = Math.min(PASS_STEPS, Math.log2(span));
    span /= 2 ** count;
    made.push(
      overElements(steps, (blocks * size * pairs) / 2 ** count, {
        operands: { z, turns },
        uniforms: { which, steps: count, stride: span, size, pairs },
      }),
    );
  }
  return made;
}

export const transformSketch: Lowering<Attributes> = {
  op: 'transformSketch',
  scratch(node) {
    const { n, size, blocks, pairs } = sizesOf(node);
    return [8 * blocks * size * pairs, 4 * signWords(n), 4 * node.attributes.rows];
  },
  lower(node, context) {
    const [z, signs, draws] = context.scratch;
    const { transform, rows, stream } = node.attributes;
    const { n, features, size, blocks, pairs } = sizesOf(node);
    const { x, key, order, slots, chosen } = transformInputs(node as never, node.inputs);
    const [y] = node.outputs as readonly [Value];
    const which = TRANSFORM[transform];
    const length = blocks * size;
    const check = (list: Value | undefined, count: number, limit: number) =>
      list ? [checkedIndices(node, list, { count, limit })] : [];
    const turns =
      transform === 'hadamard' ? undefined : turnsOf(context, Math.max(1, size / 2), size);
    const halves = transform === 'dct' ? turnsOf(context, size, 4 * size) : undefined;
    const scale = (count: number) => Math.sqrt(1 / count);
    return [
      ...check(order, n, n),
      ...check(slots, length, size),
      ...check(chosen, length, size),
      drawnWords(key, signs, { stream, count: signWords(n) }),
      // Behind the blocks that gave the signs.
      ...(chosen
        ? []
        : [drawnWords(key, draws, { stream, count: rows, first: 2 * Math.ceil(n / 64) })]),
      overElements(spread, length * pairs, {
        operands: { x, words: signs, order, slots, z },
        uniforms: {
          ...{ which, n, features, blocks, size, pairs },
          ...{ ordered: Number(order !== undefined), slotted: Number(slots !== undefined) },
        },
      }),
      ...passes(z!, turns, { which, size, pairs, blocks }),
      overElements(choose, elements(y), {
        operands: { z, words: draws, chosen, turns: halves, y },
        uniforms: {
          ...{ which, rows, blocks, features, picked: Number(chosen !== undefined), size, pairs },
          ...{ bits: Math.log2(size) },
          longer: scale(Math.floor(rows / blocks) + 1),
          shorter: scale(Math.floor(rows / blocks)),
        },
      }),
    ];
  },
};
