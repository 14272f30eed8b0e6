import { rotationSigns } from '@sketchgrad/core/backend';
import * as kernels from '../kernels/rotate/kernel.js';
import {
  type Dispatch,
  dispatch,
  type Lowering,
  type LoweringContext,
  type Operand,
  type Range,
} from '../lowering.js';

/** The rotation's signs, a bit a feature: 1 for −1. */
export const signBits = (context: LoweringContext, features: number): Range =>
  context.table(`rotation of ${features}`, () => {
    const words = new Uint32Array(Math.max(1, Math.ceil(features / 32)));
    for (const [f, sign] of rotationSigns(features).entries())
      if (sign < 0) words[f >> 5]! |= 1 << (f & 31);
    return words;
  });

/** y is x with the groups of its features rotated, or turned back. */
export function rotated(
  context: LoweringContext,
  {
    x,
    y,
    rows,
    features,
    group,
    inverse,
  }: {
    readonly x: Operand;
    readonly y: Operand;
    readonly rows: number;
    readonly features: number;
    readonly group: number;
    readonly inverse: boolean;
  },
): Dispatch {
  const rowGroups = Math.ceil(features / group);
  return dispatch(kernels.rotate, {
    operands: { x, signs: signBits(context, features), y },
    uniforms: { features, groupSize: group, rowGroups, inverse: Number(inverse) },
    groups: rows * rowGroups,
  });
}

export const rotateFeatures: Lowering<{ readonly group: number; readonly inverse: boolean }> = {
  op: 'rotateFeatures',
  lower({ inputs: [x], outputs: [y], attributes }, context) {
    const [rows, features] = x!.shape as [number, number];
    return [rotated(context, { x, y, rows, features, ...attributes })];
  },
};
