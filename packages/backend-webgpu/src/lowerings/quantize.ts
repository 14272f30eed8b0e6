import {
  BackendError,
  elements,
  type RoundingVarianceAttributes,
  type Value,
} from '@sketchgrad/core';
import { type QuantizeAttributes, refusedValue } from '@sketchgrad/core/backend';
import * as kernels from '../kernels/quantize/kernel.js';
import {
  type Check,
  dispatch,
  type Lowering,
  type LoweringContext,
  type NodeOf,
  type Operand,
  type Step,
} from '../lowering.js';
import { codesUniforms } from '../wgsl/codes.js';
import { HELD } from '../wgsl/rounding.js';
import { checkedIndices } from './indexed.js';
import { rotated, signBits } from './rotate.js';

type Attributes = RoundingVarianceAttributes | QuantizeAttributes;

/** Ranks are within the rows. */
export const checkedRanks = (
  node: NodeOf<Readonly<Record<string, unknown>>>,
  ranks: Value | undefined,
  rows: number,
): readonly Check[] =>
  ranks ? [checkedIndices(node, ranks, { what: 'rank', count: rows, limit: rows })] : [];

/** Whether groups are rotated beforehand, as they are larger than what a workgroup holds. */
const isApart = ({ rotate, group }: Attributes): boolean => rotate && group > HELD;

/** Faults of rows, and what is rotated beforehand. */
const scratch = ({ inputs: [x], attributes }: NodeOf<Attributes>): readonly number[] => [
  8 * x!.shape[0]!,
  isApart(attributes) ? 4 * elements(x!) : 0,
];

/** What kernels that round rows are given, and what runs before them. */
function given(
  node: NodeOf<Attributes>,
  context: LoweringContext,
  { ranks, stream }: { readonly ranks: Value | undefined; readonly stream?: number },
) {
  const { inputs, attributes } = node;
  const original = inputs[0]!;
  const { rotate, group } = attributes;
  const [faults, turned] = context.scratch;
  const [rows, features] = original.shape as [number, number];
  const apart = isApart(attributes);
  const before: readonly Step[] = [
    ...checkedRanks(node as never, ranks, rows),
    ...(apart
      ? [rotated(context, { x: original, y: turned, rows, features, group, inverse: false })]
      : []),
  ];
  const x: Operand = apart ? turned : original;
  return {
    before,
    faults: faults!,
    groups: rows,
    operands: { x, original, ranks, signs: signBits(context, features), faults },
    uniforms: {
      ...{ rows, rotate: Number(rotate && !apart) },
      ...codesUniforms({ ...attributes, features }, { ranked: ranks !== undefined, stream }),
    },
  };
}

export const quantize: Lowering<QuantizeAttributes> = {
  op: 'quantize',
  scratch,
  lower(node, context) {
    const { inputs, outputs, attributes } = node;
    const [, key, ranks] = inputs;
    const [packed, ranges] = outputs;
    const of = given(node, context, { ranks, stream: attributes.stream });
    return [
      ...of.before,
      dispatch(kernels.quantize, {
        operands: { ...of.operands, key, packed, ranges },
        uniforms: of.uniforms,
        groups: of.groups,
      }),
      {
        ...{ check: 'faults', of: of.faults, count: of.groups, limits: [] },
        refuse: refusedValue(node),
      },
    ];
  },
};

export const roundingVariance: Lowering<RoundingVarianceAttributes> = {
  op: 'roundingVariance',
  scratch,
  lower(node, context) {
    const { inputs, outputs, attributes, scope } = node;
    const [x, ranks] = inputs;
    const features = x!.shape[1]!;
    const of = given(node, context, { ranks });
    const place = scope ? ` in ${scope}` : '';
    return [
      ...of.before,
      dispatch(kernels.roundingVariance, {
        operands: { ...of.operands, errors: outputs[0] },
        uniforms: { ...of.uniforms, dither: Number(attributes.dither) },
        groups: of.groups,
      }),
      {
        ...{ check: 'faults', of: of.faults, count: of.groups, limits: [] },
        refuse: (position) =>
          new BackendError(
            `roundingVariance${place}: row ${Math.floor(position / features)} is not finite and in the range of bfloat16`,
          ),
      },
    ];
  },
};
